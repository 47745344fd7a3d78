import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Bytes of the heap after so many runs in one process, and after so many more. */
async function heapsAfter([few, many]: readonly [number, number], work: string): Promise<[number, number]> {
  const script = `
    const { cpu, exponential, model, service } = await import("architech");
    const api = service({ threads: 1, ops: { show: [cpu(exponential("1ms"))] } });
    const shop = model({ api }, { to: api, rate: "500rps" });
    const heaps = [];
    for (let seed = 1; seed <= ${many}; seed++) {
      const run = shop.run({ until: "20ms", every: "10ms", warmup: "0s", runs: 1, seed });
      ${work}
      if (seed !== ${few} && seed !== ${many}) continue;
      // What was let go of goes in several rounds.
      let least = Infinity;
      for (let round = 0; round < 5; round++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        globalThis.gc();
        least = Math.min(least, process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers);
      }
      heaps.push(least);
    }
    console.log(JSON.stringify(heaps));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--input-type=module", "--eval", script],
    // What measures coverage counts in the heap too.
    { cwd: new URL(".", import.meta.url), env: { ...process.env, NODE_V8_COVERAGE: undefined } },
  );
  return JSON.parse(stdout) as [number, number];
}

describe("a process that has made many runs", function () {
  this.timeout(120_000);

  it("holds no more after 10,000 that were answered than after 2,000", async () => {
    const [before, after] = await heapsAfter([2_000, 10_000], `(await run).estimate("api.latency.mean");`);
    assert.ok(after - before < 1_000_000, `${before} bytes, then ${after}`);
  });

  it("holds no more after 700 that were watched than after 220", async () => {
    const [before, after] = await heapsAfter([220, 700], `for await (const _ of run.watch("api.rate")) void _;`);
    assert.ok(after - before < 1_000_000, `${before} bytes, then ${after}`);
  });
});
