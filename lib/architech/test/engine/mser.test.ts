import assert from "node:assert/strict";
import { uniform } from "#src/engine/core/random.js";
import { Mser } from "#src/engine/mser.js";
import { openStream } from "./memory.js";

/** The rule as its paper states it: least standard error of the mean after each truncation in the first half. */
function slowly(means: readonly number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let d = 0; d <= means.length / 2; d++) {
    const kept = means.slice(d);
    const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
    const error = kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / kept.length ** 2;
    if (error < least - 1e-12) {
      least = error;
      best = d;
    }
  }
  return best;
}

describe("Mser", () => {
  it("cuts where the rule of the paper does", () => {
    for (const rise of [0, 5, 40, 90]) {
      openStream(`rise ${rise}`);
      const means = Array.from({ length: 200 }, (_, i) => uniform() + (i < rise ? 10 * (1 - i / rise) : 0));
      const mser = new Mser();
      for (const [i, mean] of means.entries()) mser.add(mean, i + 1);
      assert.equal(mser.cut(), slowly(means), `a rise of ${rise}`);
    }
  });

  it("cuts nothing off nothing", () => assert.equal(new Mser().cut(), 0));

  it("keeps its memory by merging neighbours, and still finds the rise", () => {
    openStream("long");
    const mser = new Mser();
    for (let i = 0; i < 50_000; i++) mser.add(uniform() + (i < 5_000 ? 20 : 0), i + 1);
    const cut = mser.cut();
    assert.ok(cut >= 5_000 && cut < 5_200, String(cut));
  });

  it("cuts no more than half", () => {
    const mser = new Mser();
    for (let i = 0; i < 100; i++) mser.add(100 - i, i + 1);
    assert.ok(mser.cut() <= 50);
  });
});
