import assert from "node:assert/strict";
import { compare } from "architech";
import { provideRuns } from "#src/experiment/stream-source.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { shop } from "./shop.js";

describe("compare()", function () {
  this.timeout(30_000);
  const runs = new LocalRuns();
  before(() => provideRuns(() => runs));
  after(() => runs.close());

  it("names the better scenario, and its interval covers the known difference", async () => {
    // M/M/1 against M/M/2 of half the load each: 40 ms and 8/(1 − 0.16) = 9.52 ms.
    const trial = await compare(
      shop,
      { one: {}, two: { api: { threads: 2 } } },
      { metric: "api.latency.mean", until: "20min", runs: 20, seed: 2 },
    );
    assert.equal(trial.best, "two");
    assert.equal(trial.difference.than, "one");
    assert.ok(
      trial.difference.low < 30.48 && 30.48 < trial.difference.high,
      `${trial.difference.low} to ${trial.difference.high}`,
    );
    assert.match(trial.verdict, /^two is better by \S+ to \S+ ms \(95 %\), 20 paired runs$/);
    assert.deepEqual(
      [...trial].map(({ scenario }) => scenario),
      ["one", "two"],
    );
    assert.match(String(trial), /two is better by/);
  });

  it("is undecided where nothing differs", async () => {
    const trial = await compare(
      shop,
      { a: {}, b: { api: { threads: 1 } } },
      { metric: "api.latency.p99", until: "1min", runs: 4 },
    );
    assert.equal(trial.best, "undecided");
    assert.equal(trial.verdict, "undecided after 4 paired runs: a and b gave the same in each of them");
  });

  it("pairs: the interval of the difference is narrower than those of the scenarios", async () => {
    const trial = await compare(
      shop,
      { slow: {}, fast: { traffic: { rate: "99rps" } } },
      { metric: "api.rate", until: "5min", runs: 10 },
    );
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    assert.ok(
      width(trial.difference) < 0.5 * width(trial.rows[0] ?? { low: 0, high: 0 }),
      `${width(trial.difference)}`,
    );
  });

  it("stops as soon as the difference is narrow enough, and at the bound otherwise", async () => {
    const options = { metric: "api.latency.mean", until: "2min", seed: 5 } as const;
    const loose = await compare(shop, { one: {}, two: { api: { threads: 2 } } }, { ...options, halfWidth: "20%" });
    const bounded = await compare(
      shop,
      { one: {}, two: { api: { threads: 2 } } },
      { ...options, halfWidth: "0.1%", runs: 15 },
    );
    assert.ok(loose.runs >= 10 && loose.runs < 100, String(loose.runs));
    assert.equal(bounded.runs, 15);
  });

  it("its rows sharpen while it goes on", async () => {
    const trial = compare(
      shop,
      { one: {}, two: { api: { threads: 2 } } },
      { metric: "api.util", until: "1min", runs: 3, seed: 8 },
    );
    const seen: [string, number][] = [];
    for await (const { scenario, runs: replications } of trial) seen.push([scenario, replications]);
    assert.deepEqual(seen, [
      ["one", 1],
      ["two", 1],
      ["one", 2],
      ["two", 2],
      ["one", 3],
      ["two", 3],
    ]);
    await trial;
  });

  it("one scenario is no comparison", () => {
    assert.throws(
      () => compare(shop, { one: {} }, { metric: "api.util", until: "1s" }),
      /two scenarios at least, not 1/,
    );
  });
});
