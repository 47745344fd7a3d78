import assert from "node:assert/strict";
import { meanInterval } from "#src/experiment/interval.js";
import { furtherRuns, pairwiseConfidence, relativePairedWidth, relativeWidth } from "#src/experiment/stopping.js";
import { normals } from "./normals.js";

describe("the stopping rule", () => {
  it("begins with a pilot of ten, or with the bound when that is less", () => {
    assert.equal(furtherRuns(0, Infinity, 200), 10);
    assert.equal(furtherRuns(0, Infinity, 4), 4);
  });

  it("predicts how many are missing from the width so far, and at most doubles", () => {
    assert.equal(furtherRuns(10, 1.2, 200), 5);
    assert.equal(furtherRuns(10, 9, 200), 10);
    assert.equal(furtherRuns(40, 1.001, 200), 1);
  });

  it("is done when the interval is narrow enough or the bound is reached", () => {
    assert.equal(furtherRuns(10, 1, 200), 0);
    assert.equal(furtherRuns(200, 5, 200), 0);
    assert.equal(furtherRuns(190, 5, 200), 10);
  });

  it("keeps the coverage of a 95 % interval, although the width was looked at on the way", () => {
    const draw = normals(5);
    let covered = 0;
    for (let i = 0; i < 1_000; i++) {
      const values: number[] = [];
      for (
        let more = furtherRuns(0, Infinity, 500);
        more > 0;
        more = furtherRuns(values.length, relativeWidth(values, 0.95, 0.05), 500)
      )
        for (let j = 0; j < more; j++) values.push(10 + 3 * draw());
      const { low, high } = meanInterval(values, 0.95);
      if (low <= 10 && high >= 10) covered++;
    }
    assert.ok(covered >= 930 && covered <= 970, `${covered} of 1000`);
  });

  it("pairs: noise that both scenarios share does not widen the interval of their difference", () => {
    const draw = normals(3);
    const shared = Array.from({ length: 20 }, () => 100 + 30 * draw());
    const other = shared.map((value) => value - 5 + 0.01 * draw());
    assert.ok(relativePairedWidth([shared, other], 0.95, 0.02) < 0.05);
    assert.ok(relativeWidth(shared, 0.95, 0.02) > 1);
  });

  it("identical scenarios have a width of nothing", () =>
    assert.equal(
      relativePairedWidth(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        0.95,
        0.02,
      ),
      0,
    ));

  it("shares the error among the pairs", () => {
    assert.equal(pairwiseConfidence(0.95, 2), 0.95);
    assert.ok(Math.abs(pairwiseConfidence(0.95, 4) - (1 - 0.05 / 6)) < 1e-12);
  });
});
