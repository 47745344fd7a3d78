import assert from "node:assert/strict";
import { highWord } from "#src/engine/core/platform.js";
import { bucketBound, bucketCount, firstBucket, quantile } from "#src/engine/histogram.js";

const bucketOf = (x: number): number => (highWord(x) >> 13) - firstBucket;

describe("histograms", () => {
  it("a bucket holds what lies between its bounds, and is at most 0.79 % wide", () => {
    for (const x of [1e-7, 0.001, 0.5, 1, 1.0079, 3.7, 1000, 123_456_789]) {
      const bucket = bucketOf(x);
      assert.ok(bucketBound(bucket) <= x && x < bucketBound(bucket + 1), String(x));
      assert.ok(bucketBound(bucket + 1) / bucketBound(bucket) <= 1 + 1 / 128);
    }
  });

  it("quantile() is the ceil(q n)-th value, to within its bucket", () => {
    const values = Array.from({ length: 1_000 }, (_, i) => 1.01 ** (i / 2));
    const counts = new Float64Array(bucketCount);
    for (const value of values) counts[bucketOf(value)]!++;
    for (const q of [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
      const found = quantile(counts, values.length, q, 0, bucketCount);
      const exact = values[Math.ceil(q * values.length) - 1]!;
      assert.ok(Math.abs(found / exact - 1) < 1 / 128, `${q}: ${found}, exactly ${exact}`);
    }
  });

  it("quantile() of nothing is NaN, and of less than was promised the upper bound", () => {
    const counts = new Float64Array(bucketCount);
    assert.ok(Number.isNaN(quantile(counts, 0, 0.5, 0, bucketCount)));
    counts[10] = 1;
    assert.equal(quantile(counts, 5, 0.99, 0, 20), bucketBound(20));
  });

  it("the first bucket begins at 0", () => assert.equal(bucketBound(0), 0));
});
