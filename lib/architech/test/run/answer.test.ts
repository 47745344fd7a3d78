import assert from "node:assert/strict";
import { frameBody, readFrameHeader, tableNumbers } from "@architech/protocol";
import { tableFromIPC } from "apache-arrow";
import { compare, cpu, exponential, model, service, sweep } from "architech";
import type { StreamSource } from "#src/experiment/stream-source.js";

const api = service({ threads: 2, ops: { show: [cpu(exponential("8ms"))] } });
const shop = model({ api }, { to: api, rate: "150rps" });
const busy = model({ api }, { to: api, rate: "900rps" });
const options = { until: "10s", runs: 3, seed: 5 } as const;

/** The bodies of a table's frames. */
async function bodies(source: StreamSource, table: keyof typeof tableNumbers): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const frame of source.frames())
    if (readFrameHeader(frame).table === tableNumbers[table]) all.push(Buffer.from(frameBody(frame)));
  return all;
}

describe("an answer without a stream", () => {
  it("of a run says what its stream says, bit for bit", async () => {
    const run = shop.run({ ...options, warmup: "auto" });
    const result = await run;
    const streamed = tableFromIPC(await bodies(run.source, "summary"));
    for (const name of result.metrics)
      assert.deepEqual([...result.values(name as "api.rate")], [...(streamed.getChild(name) ?? [])], name);
    assert.deepEqual(result.summary.schema.fields.map(String), streamed.schema.fields.map(String));
    assert.deepEqual(result.summary.toArray().map(String), streamed.toArray().map(String));
    assert.equal((await result.series()).numRows > 0, true);
    assert.equal((await result.histogram()).numRows > 0, true);
  });

  it("of a sweep and of a comparison says what theirs say", async () => {
    const load = sweep(shop, { rps: [50, 100] }, ({ rps }) => ({ traffic: { rate: `${rps}rps` } }), options);
    const swept = await load;
    const points = tableFromIPC(await bodies(load.source, "summary"));
    assert.deepEqual(swept.summary.toArray().map(String), points.toArray().map(String));
    const trial = compare(shop, { one: {}, two: { api: { threads: 3 } } }, { metric: "api.latency.mean", ...options });
    const compared = await trial;
    const scenarios = tableFromIPC(await bodies(trial.source, "summary"));
    assert.deepEqual(compared.summary.toArray().map(String), scenarios.toArray().map(String));
  });

  it("names the nodes that get more than they can do", async () => {
    const run = busy.run(options);
    const result = await run;
    assert.deepEqual(result.saturated, ["api"]);
    assert.equal((await bodies(run.source, "log")).length > 1, true);
  });

  it("is not given to who cancels", async () => {
    const run = shop.run(options);
    run.cancel();
    await assert.rejects(async () => await run, { code: "run-cancelled" });
    assert.deepEqual(await bodies(run.source, "summary"), []);
  });

  it("tells of its progress until it is there", async () => {
    const run = shop.run(options);
    const seen: [number, number][] = [];
    run.onProgress(({ done, total }) => seen.push([done, total]));
    await run;
    assert.deepEqual(seen.at(-1), [3, 3]);
  });

  it("leaves a misfit to the run with a stream, which says what is wrong", async () => {
    const run = shop.run({ ...options, warmup: "10s" });
    await assert.rejects(async () => await run, { code: "bad-run-request" });
  });
});
