import * as at from "./addresses.js";
import { growPages } from "./growth.js";
import { doubleFloats } from "./memory.js";
import { float, floats, ints } from "./platform.js";

// A histogram lies in pages of 32 buckets, 256 places for pages each; only pages that were ever hit exist. The four
// ints of a page: histogram, place in it, epoch of its last count, next page of the histogram touched in this epoch.

/** A page for this place of this histogram. */
export function newPage(histogram: i32, place: i32): i32 {
  const page = ints()[at.pages];
  if (page === ints()[at.pageRoom]) growPages();
  const I = ints();
  I[at.pages] = page + 1;
  I[I[at.pageTable] + histogram * 256 + place] = page;
  I[I[at.pageInfo] + page * 4] = histogram;
  I[I[at.pageInfo] + page * 4 + 1] = place;
  return page;
}

/** Notes that a page has counts in this epoch. */
export function touch(page: i32): void {
  const I = ints();
  const info = I[at.pageInfo] + page * 4;
  const histogram = I[at.touched] + I[info];
  I[info + 2] = I[at.epoch];
  I[info + 3] = I[histogram];
  I[histogram] = page;
}

/** Counts a value by its high word; the loop does the same in line for latencies. */
export function record(histogram: i32, high: i32): void {
  const firstBucket = 127872;
  let bucket = (high >> 13) - firstBucket;
  if (bucket < 0) bucket = 0;
  if (bucket > 8191) bucket = 8191;
  let page = ints()[ints()[at.pageTable] + histogram * 256 + (bucket >> 5)];
  if (page < 0) page = newPage(histogram, bucket >> 5);
  const I = ints();
  if (I[I[at.pageInfo] + page * 4 + 2] !== I[at.epoch]) touch(page);
  const place = I[at.pageCounts] + page * 32 + (bucket & 31);
  I[place] = I[place] + 1;
}

/** Adds a latency to the mean that the host takes for finding the end of the warm-up. */
export function observe(latency: f64): void {
  let I = ints();
  let D = floats();
  D[at.batchSum] = D[at.batchSum] + latency;
  I[at.batchCount] = I[at.batchCount] + 1;
  if (I[at.batchCount] < I[at.batchSize]) return;
  if (I[at.batchesHeld] === I[at.batchesRoom]) doubleFloats(at.batches, at.batchesRoom, 2, I[at.batchesHeld]);
  I = ints();
  D = floats();
  const to = I[at.batches] + 2 * I[at.batchesHeld];
  D[to] = D[at.batchSum] / float(I[at.batchCount]);
  D[to + 1] = D[at.now];
  I[at.batchesHeld] = I[at.batchesHeld] + 1;
  D[at.batchSum] = 0;
  I[at.batchCount] = 0;
}
