import * as at from "./addresses.js";
import * as its from "./balancer-places.js";
import { mix } from "./hashing.js";
import { take } from "./memory.js";
import { floats, ints } from "./platform.js";

// What is kept for a key: six ints, the key, the next of its place in the hash table, the candidate, nothing, and (a
// double) until when.

/** The candidate that a key is kept at, or 0. */
export function keptFor(b: i32, key: i32): i32 {
  const I = ints();
  const entry = entryOf(b, key);
  return entry !== 0 && floats()[(entry >> 1) + 2] > floats()[at.now] ? I[entry + 2] : 0;
}

/** Keeps a key at a candidate from now on. May take memory. */
export function keep(b: i32, key: i32, c: i32): void {
  let entry = entryOf(b, key);
  if (entry === 0) {
    entry = take(6);
    const I = ints();
    const place = I[b + its.balancerKept] + (mix(key) & I[b + its.balancerMask]);
    I[entry] = key;
    I[entry + 1] = I[place];
    I[place] = entry;
  }
  ints()[entry + 2] = c;
  floats()[(entry >> 1) + 2] = floats()[at.now] + floats()[(b >> 1) + its.balancerSticky];
}

function entryOf(b: i32, key: i32): i32 {
  const I = ints();
  let entry = I[I[b + its.balancerKept] + (mix(key) & I[b + its.balancerMask])];
  while (entry !== 0 && I[entry] !== key) entry = I[entry + 1];
  return entry;
}
