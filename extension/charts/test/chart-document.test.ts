import assert from "node:assert/strict";
import { readChartDocument } from "#src/chart-document.js";
import { chart } from "./samples.js";

describe("readChartDocument()", () => {
  it("takes what a notebook keeps", () => assert.equal(readChartDocument(chart), chart));

  it("takes a chart whose marks have data of their own and no source", () => {
    const own = { ...chart, sources: [], spec: { marks: [{ mark: "ruleY", data: [1], options: {} }], options: {} } };
    assert.equal(readChartDocument(own), own);
  });

  const mark = { mark: "lineY", options: {} };
  const source = { run: "r", view: {} };
  const malformed: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    "a sentence": "chart",
    "a list": [chart],
    "no version": { ...chart, version: undefined },
    "a later version": { ...chart, version: 2 },
    "no specification": { ...chart, spec: undefined },
    "marks that are no list": { ...chart, spec: { marks: {}, options: {} } },
    "a mark without a name": { ...chart, spec: { marks: [{ options: {} }], options: {} } },
    "a mark without options": { ...chart, spec: { marks: [{ mark: "dot" }], options: {} } },
    "a source that is no number": { ...chart, spec: { marks: [{ ...mark, source: "0" }], options: {} } },
    "data that is no list": { ...chart, spec: { marks: [{ ...mark, data: {} }], options: {} } },
    "no options": { ...chart, spec: { marks: [] } },
    "no sources": { ...chart, sources: undefined },
    "a source without a run": { ...chart, sources: [{ view: {} }] },
    "a source without a view": { ...chart, sources: [{ run: "r" }] },
    "rows that are no list": { ...chart, sources: [{ ...source, rows: {} }] },
    "a row that is a number": { ...chart, sources: [{ ...source, rows: [1] }] },
    "an unknown state": { ...chart, state: "paused" },
  };
  for (const [what, value] of Object.entries(malformed))
    it(`refuses ${what}`, () => assert.equal(readChartDocument(value), undefined));
});
