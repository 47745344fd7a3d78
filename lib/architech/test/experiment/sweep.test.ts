import assert from "node:assert/strict";
import { sweep } from "architech";
import { provideRuns } from "#src/experiment/stream-source.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { shop } from "./shop.js";

describe("sweep()", function () {
  this.timeout(30_000);
  const runs = new LocalRuns();
  before(() => provideRuns(() => runs));
  after(() => runs.close());

  const start = (seed = 1) =>
    sweep(
      shop,
      { rps: [50, 100, 200], threads: [1, 2] },
      ({ rps, threads }) => ({ traffic: { rate: `${rps}rps` }, api: { threads } }),
      { until: "2min", runs: 3, seed },
    );

  it("gives a row for each point of the grid, with intervals", async () => {
    const result = await start();
    assert.deepEqual(
      result.rows.map(({ rps, threads }) => [rps, threads]),
      [
        [50, 1],
        [50, 2],
        [100, 1],
        [100, 2],
        [200, 1],
        [200, 2],
      ],
    );
    const [row] = result.rows;
    assert.equal(row?.runs, 3);
    assert.ok(
      row !== undefined &&
        row["api.latency.mean.low"] < row["api.latency.mean"] &&
        row["api.latency.mean"] < row["api.latency.mean.high"],
    );
    assert.deepEqual([...result], result.rows);
    assert.ok(
      (result.at({ rps: 100, threads: 2 })?.estimate("api.util").mean ?? 1) <
        (result.at({ rps: 100, threads: 1 })?.estimate("api.util").mean ?? 0),
    );
  });

  it("names the points that saturate, also in the table", async () => {
    const result = await start();
    assert.deepEqual(
      result.points.map(({ saturated }) => saturated),
      [[], [], [], [], ["api"], []],
    );
    assert.match(String(result), /200 +1 .* api\n/);
    assert.match(String(result), /means do not converge.* \(3 of 18 tasks\)/);
  });

  it("the first picture is whole: every point has a row before any has its second replication", async () => {
    const seen: string[] = [];
    for await (const { rps, threads, runs: replications } of start(2).watch("api.util"))
      seen.push(`${rps}/${threads}/${replications}`);
    assert.equal(seen.length, 18);
    assert.ok(seen.slice(0, 6).every((row) => row.endsWith("/1")));
    assert.equal(new Set(seen.slice(0, 6)).size, 6);
  });

  it("its rows while it goes on end as the rows of the result", async () => {
    const load = start(3);
    const rows = await load.watch("api.latency.p99").rows();
    const result = await load;
    assert.deepEqual(
      rows.map((row) => row["api.latency.p99"]),
      result.rows.map((row) => row["api.latency.p99"]),
    );
  });

  it("text can be an axis", async () => {
    const result = await sweep(
      shop,
      { size: ["small", "large"] },
      ({ size }) => ({ api: { threads: size === "small" ? 1 : 4 } }),
      { until: "1min", runs: 2 },
    );
    assert.deepEqual(
      result.rows.map(({ size }) => size),
      ["small", "large"],
    );
  });

  it("replicates until the interval of a metric is narrow enough at every point", async () => {
    const result = await sweep(shop, { rps: [50, 100] }, ({ rps }) => ({ traffic: { rate: `${rps}rps` } }), {
      until: "5min",
      halfWidth: "2%",
      metric: "api.latency.mean",
    });
    assert.ok(result.runs > 10 && result.runs < 200, String(result.runs));
    for (const point of result.points) {
      const { mean, low, high } = point.estimate("api.latency.mean");
      assert.ok((high - low) / 2 <= 0.02 * mean);
    }
  });
});
