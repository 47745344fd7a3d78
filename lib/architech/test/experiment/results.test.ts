import assert from "node:assert/strict";
import { compare, onResult, sweep } from "architech";
import { provideRuns } from "#src/experiment/stream-source.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { shop } from "./shop.js";

describe("results", function () {
  this.timeout(30_000);
  const runs = new LocalRuns();
  before(() => provideRuns(() => runs));
  after(() => runs.close());

  it("of every experiment that is awaited are told to who asked, until they stop", async () => {
    const told: unknown[] = [];
    const stop = onResult((result) => told.push(result));
    const run = await shop.run({ until: "1min", runs: 2 });
    stop();
    await shop.run({ until: "1min", runs: 2, seed: 2 });
    assert.deepEqual(told, [run]);
  });

  it("of a sweep are rows, points, tables of text, Arrow tables and JSON of the same numbers", async () => {
    const result = await sweep(shop, { rps: [50, 100] }, ({ rps }) => ({ traffic: { rate: `${rps}rps` } }), {
      until: "1min",
      runs: 3,
      seed: 4,
      every: "10s",
    });
    const mean = result.at({ rps: 100 })!.estimate("api.latency.mean").mean;
    assert.equal(result.rows[1]?.["api.latency.mean"], mean);
    assert.equal(result.at({ rps: 70 as 50 }), undefined);
    assert.ok(result.metrics.includes("api.util"));
    assert.equal(result.summary.numRows, 6);
    assert.equal((await result.series()).numRows % 6, 0, "six intervals");
    assert.ok((await result.histogram()).numRows > 0);
    const lines = result.table("api.util").split("\n");
    assert.match(lines[0]!, /^rps +api\.util +interval$/);
    assert.equal(lines.at(-1), "3 replications of 1min, seed 4");
    assert.match(String(result), /traffic\.latency\.p99/);
    const json = JSON.parse(JSON.stringify(result)) as { seed: number; runs: number; rows: unknown[]; id: string };
    assert.equal(json.seed, 4);
    assert.equal(json.runs, 3);
    assert.equal(json.rows.length, 2);
    assert.equal(json.id, result.id);
    assert.equal(result.seed, 4);
    assert.deepEqual(result.saturated, []);
    assert.deepEqual(result.warnings, []);
  });

  it("of a comparison are rows, a verdict, an Arrow table and JSON", async () => {
    const trial = await compare(
      shop,
      { one: {}, two: { api: { threads: 2 } } },
      { metric: "api.latency.mean", until: "1min", runs: 3, seed: 4 },
    );
    assert.deepEqual(
      [...trial].map(({ scenario }) => scenario),
      ["one", "two"],
    );
    assert.equal(trial.summary.numRows, 6);
    const json = JSON.parse(JSON.stringify(trial)) as { verdict: string; best: string; metric: string };
    assert.equal(json.verdict, trial.verdict);
    assert.equal(json.best, "two");
    assert.equal(json.metric, "api.latency.mean");
    assert.deepEqual(trial.warnings, []);
  });
});
