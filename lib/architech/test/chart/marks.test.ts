import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { isMarkName, markNames } from "#src/chart/mark-names.js";
import * as marks from "#src/chart/marks.js";
import { finishedSweep } from "./sample.js";

describe("marks", () => {
  it("each has the name of Observable Plot's mark", () => {
    for (const name of markNames) assert.equal(typeof (Plot as Record<string, unknown>)[name], "function", name);
    for (const name of Object.keys(marks)) assert.ok(isMarkName(name), name);
  });

  it("are data: rows, and options as they were given", () => {
    const mark = marks.lineY([{ a: 1, b: 2 }], { x: "a", y: "b", stroke: "red" });
    assert.deepEqual(mark, { mark: "lineY", rows: [{ a: 1, b: 2 }], options: { x: "a", y: "b", stroke: "red" } });
    assert.deepEqual(marks.frame(), { mark: "frame", rows: undefined, options: {} });
  });

  it("take the rows of a run as they are, and copy anything else that has rows", () => {
    const sweep = finishedSweep();
    assert.equal(marks.dot(sweep, { x: "rps", y: "api.latency.p99" }).rows, sweep);
    assert.deepEqual(marks.dot(new Set([{ a: 1 }]), { x: "a" }).rows, [{ a: 1 }]);
  });

  it("refuse what has no rows", () => {
    assert.throws(() => marks.lineY("rows" as never), {
      code: "invalid-argument",
      message: "lineY() draws the rows of a run, or an array, not string",
    });
    assert.throws(() => marks.lineY(undefined as never), { code: "invalid-argument" });
  });

  it("refuse a function, since a chart is stored and sent", () => {
    assert.throws(
      () => marks.lineY([{ a: 1 }], { x: (() => 1) as never }),
      (error: Error) => /"x" of lineY\(\) is a function/.test(error.message),
    );
  });
});
