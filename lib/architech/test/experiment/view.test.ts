import assert from "node:assert/strict";
import { encodeFrame, frameFlags, tableNumbers } from "@architech/protocol";
import { SeriesThinner } from "#src/experiment/series-thinner.js";
import { SeriesTable, SummaryTable, type TableShape } from "#src/experiment/stream-tables.js";
import { tableOpening } from "#src/experiment/table-opening.js";
import { view } from "#src/experiment/view.js";
import { noHistogram } from "#src/simulation/histogram-rows.js";
import type { TaskResult } from "#src/simulation/task.js";

const shape: TableShape = {
  keys: [
    { rps: 10, mode: "a" },
    { rps: 20, mode: "b" },
  ],
  nodes: ["api", "traffic"],
  everySeconds: 2,
  metrics: [
    { name: "api.latency.mean", unit: "ms" },
    { name: "api.util", unit: "1" },
  ],
};
const summary = new SummaryTable(shape);
let seq = 0;
const frame = (table: keyof typeof tableNumbers, body: Uint8Array, flags = 0): Uint8Array =>
  encodeFrame({ table: tableNumbers[table], flags, seq: seq++ }, body);
const result = (latency: number): TaskResult => ({
  summary: Float64Array.of(latency, 0.5),
  value: (metric) => [latency, 0.5][metric]!,
  events: 1,
  inside: 0,
  warmupMs: 0,
  reachedMs: 1,
  saturated: [],
  histogram: noHistogram,
});

describe("view()", () => {
  it("summary: one row for each point, sharpening with every replication", () => {
    const rows = view({ of: "summary", keys: ["rps", "mode"], metrics: ["api.latency.mean"], confidence: 0.95 });
    rows.add(frame("summary", tableOpening(summary), frameFlags.schema));
    assert.deepEqual(rows.add(frame("summary", summary.row({ point: 1, replication: 0 }, result(4)))), [
      { rps: 20, mode: "b", "api.latency.mean": 4, "api.latency.mean.low": NaN, "api.latency.mean.high": NaN, runs: 1 },
    ]);
    const [sharper] = rows.add(frame("summary", summary.row({ point: 1, replication: 1 }, result(6))));
    assert.equal(sharper?.["api.latency.mean"], 5);
    assert.ok(Number(sharper?.["api.latency.mean.low"]) < 5);
    rows.add(frame("summary", summary.row({ point: 0, replication: 0 }, result(1))));
    assert.deepEqual(
      rows.rows().map((row) => row["rps"]),
      [10, 20],
    );
  });

  it("comparison: one row for each scenario", () => {
    const compared = new SummaryTable({ ...shape, keys: [{ scenario: "a" }, { scenario: "b" }] });
    const rows = view({ of: "comparison", metric: "api.latency.mean", confidence: 0.95 });
    rows.add(frame("summary", tableOpening(compared), frameFlags.schema));
    rows.add(frame("summary", compared.row({ point: 1, replication: 0 }, result(4))));
    assert.deepEqual(rows.rows(), [{ scenario: "b", mean: 4, low: NaN, high: NaN, runs: 1 }]);
  });

  it("series: one row for each interval, counts as rates, other replications left out", () => {
    const series = new SeriesTable(shape);
    const rows = view({ of: "series", columns: ["api.rate", "traffic.latency.p99"] });
    rows.add(frame("series", tableOpening(series), frameFlags.schema));
    const f = (...values: number[]): Float64Array => Float64Array.from(values);
    const none = f(NaN, NaN, NaN, NaN);
    const batch = {
      node: Uint16Array.of(0, 1, 0, 1),
      t: f(2, 2, 4, 4),
      arrivals: none,
      completions: f(10, 11, 20, 21),
      errors: none,
      latencyP50: none,
      latencyP95: none,
      latencyP99: f(1, 2, 3, 4),
      depth: none,
      util: none,
      replicas: none,
      cost: none,
      moved: none,
    };
    assert.deepEqual(rows.add(frame("series", series.rows({ point: 0, replication: 0 }, batch))), [
      { t: 2, "api.rate": 5, "traffic.latency.p99": 2 },
      { t: 4, "api.rate": 10, "traffic.latency.p99": 4 },
    ]);
    assert.deepEqual(rows.add(frame("series", series.rows({ point: 0, replication: 1 }, batch))), []);
    assert.equal(rows.rows().length, 2);
  });

  it("series: several intervals that came as one are as high and as low as they were", () => {
    const series = new SeriesTable(shape);
    const thinner = new SeriesThinner(tableOpening(series));
    const rows = view({ of: "series", columns: ["api.rate", "api.util", "api.depth"] });
    rows.add(frame("series", tableOpening(series), frameFlags.schema));
    const batch = (from: number, completions: number[], utils: number[]): Uint8Array => {
      const count = completions.length;
      const none = new Float64Array(count).fill(NaN);
      const parts = { arrivals: none, errors: none, latencyP50: none, latencyP95: none, latencyP99: none };
      return series.rows(
        { point: 0, replication: 0 },
        {
          node: new Uint16Array(count),
          t: Float64Array.from(completions, (_, i) => from + 2 * (i + 1)),
          ...parts,
          completions: Float64Array.from(completions),
          util: Float64Array.from(utils),
          depth: none,
          replicas: none,
          cost: none,
          moved: none,
        },
      );
    };
    rows.add(frame("thinned", thinner.opening, frameFlags.schema | frameFlags.thinned));
    const thin = (...batches: Uint8Array[]) => rows.add(frame("thinned", thinner.thin(batches, 4), frameFlags.thinned));
    // Cut at multiples of four intervals, wherever the batches end.
    assert.deepEqual(thin(batch(0, [2, 8], [0.1, 0.9]), batch(4, [6, 4, 2], [0.5, NaN, 0.25])), [
      { t: 4, "api.rate": 1, "api.util": 0.1, "api.depth": NaN },
      { t: 8, "api.rate": 4, "api.util": 0.9, "api.depth": NaN },
      { t: 9, "api.rate": 1, "api.util": 0.25, "api.depth": NaN },
      { t: 10, "api.rate": 1, "api.util": 0.25, "api.depth": NaN },
    ]);
    assert.deepEqual(rows.add(frame("series", batch(10, [10], [1]))), [
      { t: 12, "api.rate": 5, "api.util": 1, "api.depth": NaN },
    ]);
    assert.equal(rows.rows().length, 5);
  });

  it("series: what has moved has a column where something moves", () => {
    const names = (of: TableShape): readonly string[] => {
      const rows = view({ of: "series", columns: ["api.moved.ratio"] });
      rows.add(frame("series", tableOpening(new SeriesTable(of)), frameFlags.schema));
      const none = Float64Array.of(NaN);
      const parts = { arrivals: none, completions: none, errors: none, latencyP50: none, latencyP95: none };
      const others = { latencyP99: none, depth: none, util: none, replicas: none, cost: none };
      const batch = {
        node: Uint16Array.of(0),
        t: Float64Array.of(2),
        ...parts,
        ...others,
        moved: Float64Array.of(0.25),
      };
      return rows
        .add(frame("series", new SeriesTable(of).rows({ point: 0, replication: 0 }, batch)))
        .map((row) => String(row["api.moved.ratio"]));
    };
    assert.deepEqual(names({ ...shape, moves: true }), ["0.25"]);
    assert.throws(() => names(shape), /"moved.ratio" is not among the results of this run/);
  });

  it("a misspelt metric is refused, with what would be right", () => {
    assert.throws(
      () => view({ of: "series", columns: ["api.latency.p98"] }),
      /"api.latency.p98" has no series; what can be watched of a node is arrivals/,
    );
    const rows = view({ of: "summary", keys: [], metrics: ["apii.util"], confidence: 0.95 });
    assert.throws(
      () => rows.add(frame("summary", tableOpening(summary), frameFlags.schema)),
      /"apii.util" is not among the results/,
    );
  });
});
