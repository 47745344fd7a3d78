import assert from "node:assert/strict";
import { keptRows } from "#src/chart/kept-rows.js";
import { labelOf } from "#src/chart/label.js";
import { viewOfMarks } from "#src/chart/view-of-marks.js";

const series = { of: "series", columns: ["api.util", "api.rate"] } as const;
const rows = Array.from({ length: 12_001 }, (_, t) => ({ t, "api.util": 0.5 }));

describe("keptRows()", () => {
  it("thins a long series evenly and keeps its last row", () => {
    const kept = keptRows(series, rows);
    assert.ok(kept.length <= 5_000 && kept.length > 3_000);
    assert.equal(kept.at(-1)?.["t"], 12_000);
    assert.equal(Number(kept[1]?.["t"]) - Number(kept[0]?.["t"]), 3);
  });

  it("leaves everything else as it is", () => {
    assert.equal(keptRows({ of: "summary", keys: [], metrics: [], confidence: 0.95 }, rows), rows);
    assert.equal(keptRows(series, rows.slice(0, 10)).length, 10);
  });
});

describe("viewOfMarks()", () => {
  it("leaves out the metrics that no mark reads", () => {
    const view = {
      of: "summary",
      keys: ["rps"],
      metrics: ["api.util", "api.latency.p99", "api.rate"],
      confidence: 0.95,
    } as const;
    const marks = [
      { mark: "areaY", source: 0, options: { x: "rps", y1: "api.latency.p99.low", y2: "api.latency.p99.high" } },
      { mark: "dot", source: 0, options: { y: { value: "api.util", label: null } } },
    ] as const;
    assert.deepEqual(viewOfMarks(view, marks), { ...view, metrics: ["api.util", "api.latency.p99"] });
    assert.deepEqual(viewOfMarks(series, [{ mark: "lineY", source: 0, options: { y: "api.rate" } }]), {
      of: "series",
      columns: ["api.rate"],
    });
  });
});

describe("labelOf()", () => {
  it("adds the unit that a metric has", () => {
    assert.equal(labelOf("api.latency.p99"), "api.latency.p99 (ms)");
    assert.equal(labelOf("api.wait.mean.low"), "api.wait.mean (ms)");
    assert.equal(labelOf("traffic.rate"), "traffic.rate (per s)");
    assert.equal(labelOf("t"), "time (s)");
    assert.equal(labelOf("api.util"), "api.util");
    assert.equal(labelOf("connections"), "connections");
  });
});
