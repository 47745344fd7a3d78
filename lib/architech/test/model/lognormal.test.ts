import assert from "node:assert/strict";
import { lognormalRange, lognormalSigma, normalQuantiles } from "#src/model/lognormal.js";

describe("lognormalSigma()", () => {
  it("gives the lognormal whose percentile is so many times its mean", () => {
    for (const [percentile, z] of Object.entries(normalQuantiles))
      for (const ratio of z === 0 ? [0.2, 0.9, 1] : [1.01, 1.5, Math.exp((z * z) / 2) * 0.999]) {
        const sigma = lognormalSigma(Number(percentile), Math.log(ratio))!;
        // With the mean 1, μ = −σ²/2, and the percentile is exp(μ + z σ).
        const found = Math.exp(z * sigma - (sigma * sigma) / 2);
        assert.ok(Math.abs(found / ratio - 1) < 1e-12, `p${percentile} ${ratio}: ${found}`);
        assert.ok(z === 0 || sigma <= z, "the lighter tail");
      }
  });

  it("is nothing where there is none", () => {
    assert.equal(lognormalSigma(42, 0.1), undefined);
    assert.equal(lognormalSigma(99, Number.NEGATIVE_INFINITY), undefined);
    assert.equal(lognormalSigma(99, -0.1), undefined);
    assert.equal(lognormalSigma(99, 3), undefined);
    assert.equal(lognormalSigma(50, 0.1), undefined);
  });

  it("lognormalRange() is where it begins and ends", () => {
    assert.deepEqual(lognormalRange(50, 3), [0, 3]);
    const [low, high] = lognormalRange(99, 2);
    assert.equal(low, 2);
    assert.ok(lognormalSigma(99, Math.log(high / 2) - 1e-12) !== undefined);
    assert.equal(lognormalSigma(99, Math.log(high / 2) + 1e-9), undefined);
  });
});
