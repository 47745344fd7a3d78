import * as at from "./addresses.js";
import { admit, dismiss, touch, victim } from "./evicting.js";
import { beginFlight, flightOf, joinFlight } from "./flights.js";
import { mix } from "./hashing.js";
import { floats, ints } from "./platform.js";
import { sample } from "./sampling.js";

// A cache that knows its keys. 32 ints: what it evicts (0: 0 lru, 1 fifo, 2 clock, 3 slru, 4 random, 5 lfu), room for
// entries (1), how many there are (2), hash table (3) and its mask (4), first entry (5), a free entry (6, by int 1),
// entries handed out so far (7), a list of entries (8 and 9), slru's protected ones (10 and 11), how many those are (12)
// and may be (13), counters of hits, misses, stale hits and evictions (14, the first), site of the jitter (15) and of
// random eviction (16), whether one load is enough for all who miss (17), loads under way (18 to 20, see flights.ts),
// lfu's lowest bucket (21), a free one (22), how many were handed out (23), the first (24). Doubles 13 how long an entry
// lives, 14 how long it is fresh, 15 jitter. An entry is 10 ints: key, next of its place in the hash table, newer, older,
// mark, whether it is to be written (5); doubles 3 until when it lives and 4 until when it is fresh. 0 is none.

const entryStride = 10;

/**
 * Looks the key of a frame up. 0: there. 1: not there, the frame loads it. 2: there and no longer fresh: a load is to be
 * started beside it. 3: not there, the frame waits for a load under way. 4: the same, and that load is to be started.
 */
export function find(c: i32, f: i32): i32 {
  const I = ints();
  const D = floats();
  const key = I[f + 25];
  const counter = I[at.counters] + I[c + 14];
  const now = D[at.now];
  const e = lookUp(c, key);
  if (e !== 0) {
    if (now < D[(e >> 1) + 3]) {
      touch(c, e);
      D[counter] = D[counter] + 1;
      if (now < D[(e >> 1) + 4]) return 0;
      D[counter + 2] = D[counter + 2] + 1;
      if (flightOf(c, key) !== 0) return 0;
      beginFlight(c, key);
      return 2;
    }
    remove(c, e);
  }
  D[counter + 1] = D[counter + 1] + 1;
  if (I[c + 17] === 0) return 1;
  let flight = flightOf(c, key);
  const first = flight === 0;
  if (first) flight = beginFlight(c, key);
  joinFlight(flight, f);
  return first ? 4 : 3;
}

/**
 * What is done to a key: 0 it was loaded, 1 it was put, 2 it was put and is still to be written, 3 it has been written,
 * 4 it is let go, 5 the keys from 1 up to it are put. Returns whether its writing is to be started. May move the samples.
 */
export function keep(c: i32, what: i32, key: i32): boolean {
  if (what === 5) {
    // The first of them, which are asked for most often, come last.
    for (let k = key; k >= 1; k--) put(c, k, false);
    return false;
  }
  if (what === 0) {
    put(c, key, false);
    return false;
  }
  if (what >= 3) {
    const e = lookUp(c, key);
    if (e === 0) return false;
    if (what === 4) remove(c, e);
    else ints()[e + 5] = 0;
    return false;
  }
  const e = put(c, key, true);
  if (what === 1 || ints()[e + 5] === 1) return false;
  ints()[e + 5] = 1;
  return true;
}

/** Puts a key in, as new as can be, and lets another go where there is no room. */
function put(c: i32, key: i32, asked: boolean): i32 {
  let e = lookUp(c, key);
  if (e === 0) {
    e = enter(c, key);
    admit(c, e);
  } else if (asked) touch(c, e);
  let share: f64 = 1;
  const site = ints()[c + 15];
  if (site >= 0) share = 1 - floats()[(c >> 1) + 15] * sample(site);
  const D = floats();
  D[(e >> 1) + 3] = D[at.now] + D[(c >> 1) + 13] * share;
  D[(e >> 1) + 4] = D[at.now] + D[(c >> 1) + 14] * share;
  return e;
}

/** An entry for a key, which is in no list yet. */
function enter(c: i32, key: i32): i32 {
  if (ints()[c + 2] === ints()[c + 1]) {
    const out = victim(c);
    remove(c, out);
    const counter = ints()[at.counters] + ints()[c + 14] + 3;
    floats()[counter] = floats()[counter] + 1;
  }
  const I = ints();
  let e = I[c + 6];
  if (e !== 0) I[c + 6] = I[e + 1];
  else {
    e = I[c + 5] + entryStride * I[c + 7];
    I[c + 7] = I[c + 7] + 1;
  }
  const place = I[c + 3] + (mix(key) & I[c + 4]);
  I[e] = key;
  I[e + 1] = I[place];
  I[place] = e;
  I[e + 5] = 0;
  I[c + 2] = I[c + 2] + 1;
  return e;
}

function remove(c: i32, e: i32): void {
  const I = ints();
  dismiss(c, e);
  const place = I[c + 3] + (mix(I[e]) & I[c + 4]);
  if (I[place] === e) I[place] = I[e + 1];
  else {
    let before = I[place];
    while (I[before + 1] !== e) before = I[before + 1];
    I[before + 1] = I[e + 1];
  }
  I[e + 1] = I[c + 6];
  I[c + 6] = e;
  I[c + 2] = I[c + 2] - 1;
}

function lookUp(c: i32, key: i32): i32 {
  const I = ints();
  let e = I[I[c + 3] + (mix(key) & I[c + 4])];
  while (e !== 0 && I[e] !== key) e = I[e + 1];
  return e;
}
