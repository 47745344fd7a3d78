import { withHighWord } from "./core/platform.js";

// A bucket is the exponent of a float and the first 7 bits of its fraction: at most 1/128 = 0.78 % wide.
// Buckets lie in pages of 32, so that a histogram holds only the pages that were ever hit.

/** Upper word of 2^-24, the lowest bound: everything below counts in the first bucket. */
const lowest = 0x3e700000;
/** 64 octaves. */
export const bucketCount = 8192;
export const pageSize = 32;
export const pagesEach = 256;

/** Number of the first bucket in the bits of a float: `(highWord(x) >> 13) - firstBucket` is the bucket of x. */
export const firstBucket: number = lowest >> 13;

/** Lower bound of a bucket; that of the bucket after it is its upper bound. */
export function bucketBound(bucket: number): number {
  return bucket === 0 ? 0 : withHighWord(0, (bucket + firstBucket) << 13);
}

/**
 * The quantile `q` of counts by bucket: the place of the ceil(q n)-th value, by straight line within its bucket.
 * `from` and `to` bound the buckets that can hold anything; NaN when there is nothing.
 */
export function quantile(counts: ArrayLike<number>, total: number, q: number, from: number, to: number): number {
  if (!(total > 0)) return Number.NaN;
  const rank = q * total;
  let below = 0;
  for (let i = from; i < to; i++) {
    const count = counts[i]!;
    if (count > 0 && below + count >= rank) {
      const low = bucketBound(i);
      return low + ((bucketBound(i + 1) - low) * (rank - below)) / count;
    }
    below += count;
  }
  return bucketBound(to);
}
