import assert from "node:assert/strict";
import { distributionOf, logGamma } from "#src/simulation/distribution.js";

describe("logGamma()", () => {
  it("is the logarithm of factorials, and of halves", () => {
    let factorial = 1;
    for (let n = 1; n < 30; n++) {
      assert.ok(Math.abs(logGamma(n) - Math.log(factorial)) < 2e-14 * (1 + Math.log(factorial)), `Γ(${n})`);
      factorial *= n;
    }
    // Γ(3/2) = √π / 2.
    assert.ok(Math.abs(logGamma(1.5) - Math.log(Math.sqrt(Math.PI) / 2)) < 1e-14);
  });
});

describe("distributionOf()", () => {
  it("gives a Weibull the scale that makes its mean", () => {
    // Shape 1 is an exponential; of shape 1/2 the mean is twice the scale.
    assert.deepEqual(distributionOf({ dist: "weibull", shape: 2, mean: "0s" }).kind, "weibull");
    const scale = (shape: number) =>
      (distributionOf({ dist: "weibull", shape, mean: "6ms" }) as { scale: number }).scale;
    assert.ok(Math.abs(scale(1) - 6) < 1e-13);
    assert.ok(Math.abs(scale(0.5) - 3) < 1e-13);
  });
});
