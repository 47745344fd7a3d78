import assert from "node:assert/strict";
import { pointsOf } from "#src/experiment/grid.js";

describe("pointsOf()", () => {
  it("is every combination, the last axis changing fastest", () => {
    assert.deepEqual(pointsOf({ rps: [1, 2], mode: ["a", "b"] }), [
      { rps: 1, mode: "a" },
      { rps: 1, mode: "b" },
      { rps: 2, mode: "a" },
      { rps: 2, mode: "b" },
    ]);
  });

  it("refuses an axis without values", () =>
    assert.throws(() => pointsOf({ rps: [] }), /"rps" of the sweep has no values/));
});
