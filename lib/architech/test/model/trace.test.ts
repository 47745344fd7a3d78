import assert from "node:assert/strict";
import { readTrace, trace } from "#src/model/trace.js";

describe("trace()", () => {
  it("takes whatever can be iterated, and keeps only numbers and text", () => {
    assert.deepEqual(trace(new Float64Array([0, 1.5])), { unit: "ms", times: [0, 1.5] });
    assert.deepEqual(trace([1n, 2n], { unit: "s", ops: new Set(["a", "b"]), repeat: "5s" }), {
      unit: "s",
      times: [1, 2],
      ops: ["a", "b"],
      repeat: "5s",
    });
  });
});

describe("readTrace()", () => {
  it("reads numbers, dates and quoted cells, in the order of time, from the first on", () => {
    assert.deepEqual(readTrace("t\n5\n3.5\n\n4\r\n").times, [0, 0.5, 1.5]);
    const dates = 'path,"when"\n"a, ""b""",2026-01-01T00:00:02Z\nc,2026-01-01T00:00:01.500Z';
    assert.deepEqual(readTrace(dates, { time: "when", op: "path", unit: "s", repeat: "1min" }), {
      unit: "s",
      times: [0, 0.5],
      ops: ["c", 'a, "b"'],
      repeat: "1min",
    });
  });

  const refused = [
    ["t\n1\nsoon", {}, /line 3 has "soon" for a time/],
    ["t\n", {}, /has no arrivals/],
    ["t,op\n1,a", { time: "at" }, /has no column "at": there are t, op/],
    ["t\n,", {}, /line 2 has "" for a time/],
  ] as const;
  for (const [csv, settings, message] of refused)
    it(`names what is wrong with ${JSON.stringify(csv)}`, () => {
      assert.throws(() => readTrace(csv, settings), { code: "trace-invalid", message });
    });
});
