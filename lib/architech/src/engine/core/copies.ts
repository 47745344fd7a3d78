import * as at from "./addresses.js";
import { mix } from "./hashing.js";
import { take } from "./memory.js";
import { float, floats, floor, infinity, ints, whole } from "./platform.js";
import { sample } from "./sampling.js";
import { sideOf, slotAt } from "./slots.js";

// A database of several stations: shards, each of which has so many copies. 32 ints: its first station (0, from that of
// all), shards (1), copies of each (2), how keys go to shards (3: 0 by hash, 1 by range), how many keys there are (4),
// which copy reads (5: 0 the first, which is the primary, 1 one of the others in turn, 2 any in turn), whether reads see
// what was written before (6), how many copies a write waits for beside the primary (7), site of the lag or -1 (8),
// turns by shard (9), meter of the first station or -1 (10), meter of the database (11), counter of reads that were
// looked at, stale ones follow, or -1 (12), versions by key (13) and the mask of that table (14); what moves follows
// (`slots.ts`). A version is the last write of a key: key, next of its place in the table; doubles 1 when it was
// acknowledged, 2 when every copy will have it, then when each replica will. 0 is none.

/** Chooses the station of a read (0), a write (1), or of the copying of a slot where it leaves (2) or comes (3), and counts it in there. */
export function locate(r: i32, f: i32, what: i32): void {
  const I = ints();
  const D = floats();
  const shard = what > 1 ? sideOf(r, f, what) : shardOf(r, I[f + 25]);
  const copy = what === 0 ? readerOf(r, f, shard) : 0;
  const nth = shard * I[r + 2] + copy;
  I[f + 6] = I[at.stations] + I[r] + nth * 16;
  if (I[r + 10] < 0) return;
  const now = D[at.now];
  const from = I[at.meters] + I[r + 11] * 8;
  const to = I[at.meters] + (I[r + 10] + nth) * 8;
  D[from] = D[from] - 1;
  D[from + 3] = D[from + 3] + now;
  D[to] = D[to] + 1;
  D[to + 3] = D[to + 3] - now;
  I[f + 8] = I[r + 10] + nth;
}

function shardOf(r: i32, key: i32): i32 {
  const I = ints();
  if (I[r + 15] !== 0) return I[slotAt(r, key)];
  const shards = I[r + 1];
  if (shards === 1) return 0;
  if (I[r + 3] === 0) return (mix(key) >>> 1) % shards;
  // What a job does is for no key: it goes to the first shard.
  if (key < 1) return 0;
  const shard = whole(floor((float(key - 1) * float(shards)) / float(I[r + 4])));
  return shard < shards ? shard : shards - 1;
}

function readerOf(r: i32, f: i32, shard: i32): i32 {
  const I = ints();
  if (I[r + 5] === 0) return 0;
  const first = I[r + 5] === 1 ? 1 : 0;
  const place = I[r + 9] + shard;
  const turn = I[place];
  I[place] = turn + 1 === I[r + 2] - first ? 0 : turn + 1;
  const copy = first + turn;
  if (I[r + 6] === 1 && isStale(r, I[f + 25], copy)) return 0;
  return copy;
}

/** Counts a read that begins now, and whether the copy that it reads lacks a write that was acknowledged. */
export function observeRead(r: i32, f: i32): void {
  const I = ints();
  const D = floats();
  // What is for no key is no copy of anything.
  if (I[f + 25] === 0) return;
  const counter = I[at.counters] + I[r + 12];
  D[counter] = D[counter] + 1;
  const nth = (I[f + 6] - I[at.stations] - I[r]) / 16;
  if (isStale(r, I[f + 25], nth % I[r + 2])) D[counter + 1] = D[counter + 1] + 1;
}

function isStale(r: i32, key: i32, copy: i32): boolean {
  const I = ints();
  const D = floats();
  if (copy === 0 || key === 0 || I[r + 14] < 0) return false;
  let version = I[I[r + 13] + (mix(key) & I[r + 14])];
  while (version !== 0 && I[version] !== key) version = I[version + 1];
  if (version === 0) return false;
  const v = version >> 1;
  return D[v + 1] <= D[at.now] && D[v + 2 + copy] > D[at.now];
}

/**
 * Hands a write that the primary has done on to the replicas, each of which has it after a lag of its own. Returns how
 * long the write waits for as many as it must. May take memory and move the samples.
 */
export function replicate(r: i32, f: i32): f64 {
  const version = versionOf(r, ints()[f + 25]);
  const replicas = ints()[r + 2] - 1;
  const now = floats()[at.now];
  let last: f64 = now;
  for (let i = 0; i < replicas; i++) {
    const due = now + sample(ints()[r + 8]);
    floats()[(version >> 1) + 3 + i] = due;
    if (due > last) last = due;
  }
  const D = floats();
  const v = version >> 1;
  let acknowledged = now;
  const needed = ints()[r + 7];
  if (needed > 0) {
    // The time by which so many have it: the least one that no fewer are before or at.
    acknowledged = infinity;
    for (let i = 0; i < replicas; i++) {
      const due = D[v + 3 + i];
      let have = 0;
      for (let k = 0; k < replicas; k++) if (D[v + 3 + k] <= due) have++;
      if (have >= needed && due < acknowledged) acknowledged = due;
    }
  }
  D[v + 1] = acknowledged;
  D[v + 2] = last;
  return acknowledged - now;
}

/** The version of a key, which takes the place of one that every copy has. */
function versionOf(r: i32, key: i32): i32 {
  let I = ints();
  const D = floats();
  const place = I[r + 13] + (mix(key) & I[r + 14]);
  let spare = 0;
  let version = I[place];
  while (version !== 0 && I[version] !== key) {
    if (D[(version >> 1) + 2] <= D[at.now]) spare = version;
    version = I[version + 1];
  }
  if (version !== 0) return version;
  if (spare !== 0) {
    I[spare] = key;
    return spare;
  }
  version = take(4 + 2 * I[r + 2]);
  I = ints();
  I[version] = key;
  I[version + 1] = I[place];
  I[place] = version;
  return version;
}
