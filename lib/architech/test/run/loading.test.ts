import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a script in a new process, and returns what it printed and the scripts that it loaded. */
async function loadedBy(script: string): Promise<{ printed: string; loaded: string[] }> {
  const whole = `
    import { Session } from "node:inspector";
    const session = new Session();
    session.connect();
    const loaded = [];
    session.on("Debugger.scriptParsed", ({ params }) => loaded.push(params.url));
    session.post("Debugger.enable");
    const { cpu, model, service } = await import("architech");
    const api = service({ threads: 1, ops: { show: [cpu("1ms")] } });
    const result = await model({ api }, { to: api, rate: "100rps" }).run({ until: "1s", runs: 1, seed: 1 });
    ${script}
    console.log(JSON.stringify(loaded));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", whole], {
    cwd: new URL(".", import.meta.url),
    maxBuffer: 1 << 24,
  });
  const [printed = "", loaded = "[]"] = stdout.trim().split("\n");
  return { printed, loaded: JSON.parse(loaded) as string[] };
}

describe("what a run loads", () => {
  it("is no library for Arrow, sockets or YAML, as long as only estimates are asked for", async () => {
    const { printed, loaded } = await loadedBy(`console.log(result.estimate("api.rate").mean);`);
    assert.ok(Number(printed) > 50);
    assert.ok(loaded.some((url) => url.endsWith("/bundle/index.js")));
    assert.deepEqual(
      loaded.filter((url) => /node_modules\/(apache-arrow|flatbuffers|ws|msgpackr-extract|yaml)\//.test(url)),
      [],
    );
  });

  it("is the very library that an import gives, once a table is asked for", async () => {
    const { printed } = await loadedBy(`
      const table = result.summary;
      const { Table } = await import("apache-arrow");
      console.log(table instanceof Table, (await result.series()) instanceof Table);
    `);
    assert.equal(printed, "true true");
  });
});
