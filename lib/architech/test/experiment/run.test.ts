import assert from "node:assert/strict";
import { ArchitechError } from "architech";
import { provideRuns } from "#src/experiment/stream-source.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { shop } from "./shop.js";

describe("model.run()", function () {
  this.timeout(30_000);
  const runs = new LocalRuns();
  before(() => provideRuns(() => runs));
  after(() => runs.close());

  it("gives each metric's mean with its interval, which covers the known value", async () => {
    const result = await shop.run({ until: "20min", runs: 10, seed: 1 });
    const { mean, low, high, unit, confidence, runs: replications } = result.estimate("api.latency.mean");
    assert.deepEqual([unit, confidence, replications], ["ms", 0.95, 10]);
    assert.ok(low < 40 && 40 < high && low < mean && mean < high, `${low} to ${high}`);
    assert.equal(result.values("api.latency.mean").length, 10);
    assert.deepEqual(result.saturated, []);
  });

  it("has a table of text and Arrow tables", async () => {
    const result = await shop.run({ until: "2min", runs: 3, every: "10s" });
    assert.match(String(result), /api\.latency\.p99 +\S+ +ms +\S+ to \S+/);
    assert.match(String(result), /3 replications of 2min, seed 1/);
    assert.match(result.table("api.util"), /^metric +mean/);
    assert.equal(result.summary.numRows, 3);
    assert.equal((await result.series()).numRows, 12 * 2);
    assert.ok((await result.histogram()).numRows > 10);
    const { estimates } = JSON.parse(JSON.stringify(result)) as { estimates: Record<string, { mean: number }> };
    assert.equal(estimates["api.rate"]?.mean, result.estimate("api.rate").mean);
  });

  it("one replication has no interval, and says why", async () => {
    const result = await shop.run({ until: "1min", runs: 1 });
    const { mean, low, high } = result.estimate("api.latency.mean");
    assert.ok(mean > 0 && Number.isNaN(low) && Number.isNaN(high));
    assert.match(String(result), /one replication says nothing of how far replications differ/);
  });

  it("an unstable model completes, names the node that saturates, and says that means do not converge", async () => {
    const result = await shop.with({ traffic: { rate: "200rps" } }).run({ until: "2min", runs: 2 });
    assert.deepEqual(result.saturated, ["api"]);
    assert.match(String(result), /! api gets more than it can do: .*means do not converge/);
  });

  it("a bound stops a run with what it has, and says so", async () => {
    const result = await shop.run({ until: "1h", runs: 1, bounds: { maxEvents: 10_000 }, cache: false });
    assert.equal(result.warnings.length, 1);
    assert.match(result.warnings[0] ?? "", /10,?000/);
  });

  it("is the same with no worker, one and two", async () => {
    const all = await Promise.all([0, 1, 2].map((workers) => shop.run({ until: "5min", runs: 3, workers })));
    for (const result of all) assert.deepEqual(result.values("api.latency.p99"), all[0]?.values("api.latency.p99"));
  });

  it("rows can be watched while it goes on, by many readers, live and later", async () => {
    const run = shop.run({ until: "10min", every: "1s", runs: 1, seed: 4 });
    const rows = run.watch("api.latency.p99", "api.rate");
    const read = async (): Promise<number[]> => {
      const ts: number[] = [];
      for await (const row of rows) ts.push(row.t);
      return ts;
    };
    const live = await Promise.all([read(), read()]);
    const later = await read();
    assert.deepEqual(
      later,
      Array.from({ length: 600 }, (_, i) => i + 1),
    );
    assert.deepEqual(live, [later, later]);
    const all = await rows.rows();
    assert.ok(
      Math.abs(all.reduce((total, row) => total + row["api.rate"], 0) / 600 - 100) < 2,
      "counts are rates a second",
    );
  });

  it("leaving the last loop stops a run that nobody else wants", async () => {
    const run = shop.run({ until: "1000h", every: "1min", runs: 1 });
    for await (const _ of run.watch("api.util")) break;
    assert.equal(await run.source.done, "cancelled");
  });

  it("leaving a loop does not stop a run that is awaited", async () => {
    const run = shop.run({ until: "30min", every: "1s", runs: 1, seed: 9 });
    const result = run.then((value) => value);
    for await (const _ of run.watch("api.util")) break;
    assert.ok((await result).estimate("api.util").mean > 0.7);
  });

  it("awaiting a run that was cancelled rejects with run-cancelled", async () => {
    const run = shop.run({ until: "1000h", every: "1h", runs: 1 });
    run.cancel();
    await assert.rejects(
      Promise.resolve(run),
      (error) => error instanceof ArchitechError && error.code === "run-cancelled",
    );
  });

  it("what is wrong with the options is thrown when it is awaited", async () => {
    await assert.rejects(
      Promise.resolve(shop.run({ until: "0s" })),
      (error) => error instanceof ArchitechError && error.code === "bad-run-request",
    );
    await assert.rejects(
      Promise.resolve(shop.run({ until: "1s", warmup: "2s" })),
      /warmup 2s leaves nothing of until 1s/,
    );
  });

  it("a failure that nobody waits for is an unhandled rejection", async () => {
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const reason = new Promise((resolve) => process.once("unhandledRejection", resolve));
    shop.run({ until: "0s" });
    const error = await reason;
    for (const listener of listeners) process.on("unhandledRejection", listener);
    assert.ok(error instanceof ArchitechError);
  });

  it("a metric that was misspelt where types do not reach is refused with what would be right", async () => {
    const result = await shop.run({ until: "1min", runs: 1 });
    assert.throws(
      () => result.estimate("api.latency.p98" as never),
      (error) => error instanceof ArchitechError && error.code === "unknown-metric",
    );
    const run = shop.run({ until: "1min", runs: 1 });
    assert.throws(() => run.watch("api.latency.mean" as never), /"api.latency.mean" has no series/);
    await run;
  });
});
