import assert from "node:assert/strict";
import { halfWidth, meanInterval } from "#src/experiment/interval.js";
import { normals } from "./normals.js";

describe("meanInterval()", () => {
  it("is the textbook's: mean ± t s / √n", () => {
    // Mean 5, s² = 32/7, t(0.975, 7) = 2.364624.
    const { mean, low, high, runs } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9], 0.95);
    const half = 2.364624 * Math.sqrt(32 / 7 / 8);
    assert.equal(mean, 5);
    assert.equal(runs, 8);
    assert.ok(Math.abs(low - (5 - half)) < 1e-6 && Math.abs(high - (5 + half)) < 1e-6);
  });

  it("has no interval with one value, and no mean with none", () => {
    assert.deepEqual(meanInterval([3], 0.95), { mean: 3, low: NaN, high: NaN, runs: 1 });
    assert.deepEqual(meanInterval([], 0.95), { mean: NaN, low: NaN, high: NaN, runs: 0 });
    assert.equal(halfWidth(meanInterval([3], 0.95)), Infinity);
  });

  it("leaves out values that are NaN, where nothing was observed", () => {
    assert.deepEqual(meanInterval([1, NaN, 3], 0.9), meanInterval([1, 3], 0.9));
  });

  for (const confidence of [0.9, 0.95, 0.99])
    it(`covers the true mean in ${confidence * 100} % of 4,000 samples of five`, () => {
      const draw = normals(11);
      let covered = 0;
      for (let i = 0; i < 4_000; i++) {
        const { low, high } = meanInterval([draw(), draw(), draw(), draw(), draw()], confidence);
        if (low <= 0 && high >= 0) covered++;
      }
      // Three standard errors of a share of 4,000.
      assert.ok(
        Math.abs(covered / 4_000 - confidence) < 3 * Math.sqrt((confidence * (1 - confidence)) / 4_000),
        String(covered / 4_000),
      );
    });
});
