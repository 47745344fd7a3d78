import assert from "node:assert/strict";
import { type ChartDocument, chartBundle, keptRows, paper } from "architech/core";
import { finishedBundle } from "#src/finished-bundle.js";
import { chart } from "./samples.js";

const rows = [
  [
    { rps: 100, "api.latency.p99": 5, "api.latency.p99.low": 4, "api.latency.p99.high": 6, runs: 2 },
    { rps: 200, "api.latency.p99": 9, "api.latency.p99.low": 8, "api.latency.p99.high": Number.NaN, runs: 1 },
  ],
];

/** What a chart is finished with, where drawing is a stand-in. */
const tools = (draw: () => never | object) =>
  ({ chartBundle, keptRows, paper, plotModule: {}, draw, serialize: () => "<svg/>" }) as unknown as Parameters<
    typeof finishedBundle
  >[0];

describe("finishedBundle()", () => {
  before(() => Object.assign(globalThis, { document: {} }));
  after(() => Reflect.deleteProperty(globalThis, "document"));

  const kept = (bundle: object): ChartDocument =>
    (bundle as Record<string, unknown>)["application/vnd.architech.chart.v1+json"] as ChartDocument;

  it("keeps the rows, the picture, and a line of text", () => {
    const bundle = finishedBundle(
      tools(() => ({})),
      { ...chart, state: "live" },
      rows,
      { state: "done" },
    );
    assert.deepEqual(Object.keys(bundle), ["application/vnd.architech.chart.v1+json", "image/svg+xml", "text/plain"]);
    assert.equal(bundle["image/svg+xml"], "<svg/>");
    assert.equal(kept(bundle).state, "done");
    assert.equal(kept(bundle).sources[0]?.rows?.length, 2);
    assert.equal(kept(bundle).sources[0]?.rows?.[0]?.["api.latency.p99"], 5);
  });

  it("is what JSON can hold: what was not observed is null", () => {
    const bundle = finishedBundle(
      tools(() => ({})),
      chart,
      rows,
      { state: "done" },
    );
    assert.deepEqual(JSON.parse(JSON.stringify(bundle)), bundle);
    assert.equal(kept(bundle).sources[0]?.rows?.[1]?.["api.latency.p99.high"], null);
  });

  it("says why a run failed", () => {
    const error = { code: "run-bounded", message: "too many events" };
    const bundle = finishedBundle(
      tools(() => ({})),
      chart,
      rows,
      { state: "failed", error },
    );
    assert.deepEqual(kept(bundle).error, error);
    assert.match(String(bundle["text/plain"]), /failed: too many events/);
  });

  it("keeps the rows also where no picture can be drawn", () => {
    const broken = tools(() => {
      throw new Error("no such mark");
    });
    const bundle = finishedBundle(broken, chart, rows, { state: "done" });
    assert.equal(bundle["image/svg+xml"], undefined);
    assert.equal(kept(bundle).sources[0]?.rows?.length, 2);
  });
});
