import assert from "node:assert/strict";
import { exp, log } from "#src/engine/core/log-exp.js";
import { uniform } from "#src/engine/core/random.js";
import { openStream } from "./memory.js";

/** How far apart, in units of the last place of the second. */
function ulps(a: number, b: number): number {
  if (a === b) return 0;
  const words = new BigInt64Array(Float64Array.of(a, b).buffer);
  return Math.abs(Number(words[0]! - words[1]!));
}

describe("log() and exp()", () => {
  it("are the platform's to the last place, over all magnitudes", () => {
    openStream("log-exp");
    for (let i = 0; i < 50_000; i++) {
      const x = 2 ** (600 * (uniform() - 0.5)) * (1 + uniform());
      assert.ok(ulps(log(x), Math.log(x)) <= 1, `log(${x})`);
      const y = 1400 * (uniform() - 0.5);
      assert.ok(ulps(exp(y), Math.exp(y)) <= 1, `exp(${y})`);
    }
  });

  it("hold at the edges of what a float can be", () => {
    assert.equal(log(0), Number.NEGATIVE_INFINITY);
    assert.ok(Number.isNaN(log(-1)) && Number.isNaN(log(Number.NaN)) && Number.isNaN(exp(Number.NaN)));
    assert.equal(log(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
    assert.equal(log(1), 0);
    assert.ok(ulps(log(5e-324), Math.log(5e-324)) <= 1, "the smallest subnormal");
    assert.equal(exp(0), 1);
    assert.equal(exp(710), Number.POSITIVE_INFINITY);
    assert.equal(exp(-746), 0);
    assert.ok(ulps(exp(709.7), Math.exp(709.7)) <= 1, "the largest");
    assert.ok(ulps(exp(-740), Math.exp(-740)) <= 1, "a subnormal");
  });
});
