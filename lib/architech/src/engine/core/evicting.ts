import { float, ints, whole } from "./platform.js";
import { sample } from "./sampling.js";

// Which entry of a full cache has to go. A list is a pair of ints, its newest and its oldest entry (0 for none);
// entries are linked by their ints 2 (towards the newest) and 3 (towards the oldest). `keyed-cache.ts` says what lies
// where. Every act takes the same time, however many entries there are.

/** Ints of one of LFU's buckets: how often (0), the bucket below (1) and above (2), the list of its entries (4 and 5). */
const bucketStride = 6;

/** Notes that an entry was asked for. */
export function touch(c: i32, e: i32): void {
  const I = ints();
  switch (I[c]) {
    case 0: // lru
      unlink(c + 8, e);
      pushNewest(c + 8, e);
      break;
    case 2: // clock
      I[e + 4] = 1;
      break;
    case 3: // slru
      protect(c, e);
      break;
    case 5: // lfu
      raise(c, e);
      break;
    default: // what came first, and chance, do not look at it
  }
}

/** Takes a new entry in. */
export function admit(c: i32, e: i32): void {
  const I = ints();
  I[e + 4] = 0;
  if (I[c] !== 5) {
    pushNewest(c + 8, e);
    return;
  }
  let lowest = I[c + 21];
  if (lowest === 0 || I[lowest] !== 1) lowest = bucketAbove(c, 0, 1);
  I[e + 4] = lowest;
  pushNewest(lowest + 4, e);
}

/** Lets an entry go. */
export function dismiss(c: i32, e: i32): void {
  const I = ints();
  if (I[c] === 5) {
    const bucket = I[e + 4];
    unlink(bucket + 4, e);
    if (I[bucket + 4] === 0) dropBucket(c, bucket);
  } else if (I[c] === 3 && I[e + 4] === 1) {
    unlink(c + 10, e);
    I[c + 12] = I[c + 12] - 1;
  } else unlink(c + 8, e);
}

/** The entry that has to go. May move the samples. */
export function victim(c: i32): i32 {
  const I = ints();
  switch (I[c]) {
    case 2: {
      // clock: who was asked for since the hand came by is spared once. The list is the face, its oldest under the hand.
      let e = I[c + 9];
      while (I[e + 4] === 1) {
        I[e + 4] = 0;
        unlink(c + 8, e);
        pushNewest(c + 8, e);
        e = I[c + 9];
      }
      return e;
    }
    case 3: // slru
      return I[c + 9] === 0 ? I[c + 11] : I[c + 9];
    case 4: {
      // random
      const u = sample(I[c + 16]);
      return ints()[c + 5] + 10 * whole(u * float(ints()[c + 1]));
    }
    case 5: // lfu: of those asked for least often, the one for the longest time not
      return I[I[c + 21] + 5];
    default:
      return I[c + 9];
  }
}

/** Segmented LRU (Karedla, Love and Wherry, 1994): a hit moves an entry to the protected segment, whose oldest falls back when it is full. */
function protect(c: i32, e: i32): void {
  const I = ints();
  if (I[e + 4] === 1) unlink(c + 10, e);
  else {
    unlink(c + 8, e);
    I[e + 4] = 1;
    I[c + 12] = I[c + 12] + 1;
  }
  pushNewest(c + 10, e);
  if (I[c + 12] <= I[c + 13]) return;
  const back = I[c + 11];
  unlink(c + 10, back);
  I[back + 4] = 0;
  I[c + 12] = I[c + 12] - 1;
  pushNewest(c + 8, back);
}

/** LFU in constant time (Shah, Mitra and Matani, 2010): an entry goes one bucket up. */
function raise(c: i32, e: i32): void {
  const I = ints();
  const bucket = I[e + 4];
  const times = I[bucket] + 1;
  let above = I[bucket + 2];
  if (above === 0 || I[above] !== times) above = bucketAbove(c, bucket, times);
  unlink(bucket + 4, e);
  if (I[bucket + 4] === 0) dropBucket(c, bucket);
  I[e + 4] = above;
  pushNewest(above + 4, e);
}

/** A new bucket above one, or below all (0). */
function bucketAbove(c: i32, below: i32, times: i32): i32 {
  const I = ints();
  let bucket = I[c + 22];
  if (bucket !== 0) I[c + 22] = I[bucket + 2];
  else {
    bucket = I[c + 24] + bucketStride * I[c + 23];
    I[c + 23] = I[c + 23] + 1;
  }
  const above = below === 0 ? I[c + 21] : I[below + 2];
  I[bucket] = times;
  I[bucket + 1] = below;
  I[bucket + 2] = above;
  I[bucket + 4] = 0;
  I[bucket + 5] = 0;
  if (above !== 0) I[above + 1] = bucket;
  if (below === 0) I[c + 21] = bucket;
  else I[below + 2] = bucket;
  return bucket;
}

function dropBucket(c: i32, bucket: i32): void {
  const I = ints();
  const below = I[bucket + 1];
  const above = I[bucket + 2];
  if (below === 0) I[c + 21] = above;
  else I[below + 2] = above;
  if (above !== 0) I[above + 1] = below;
  I[bucket + 2] = I[c + 22];
  I[c + 22] = bucket;
}

function pushNewest(list: i32, e: i32): void {
  const I = ints();
  const newest = I[list];
  I[e + 2] = 0;
  I[e + 3] = newest;
  if (newest === 0) I[list + 1] = e;
  else I[newest + 2] = e;
  I[list] = e;
}

function unlink(list: i32, e: i32): void {
  const I = ints();
  const newer = I[e + 2];
  const older = I[e + 3];
  if (newer === 0) I[list] = older;
  else I[newer + 3] = older;
  if (older === 0) I[list + 1] = newer;
  else I[older + 2] = newer;
}
