import { makeReady } from "./growth.js";
import { mix } from "./hashing.js";
import { take } from "./memory.js";
import { ints } from "./platform.js";

// Loads of keys that are under way, and the frames that wait for each. A flight is 4 ints: key, next of its place in
// the hash table, the first and the last frame that wait (by their int 7). Of a cache, int 18 is that hash table, 19 its
// mask, 20 a flight that is free. 0 is none, and -1 no frame.

/** The load of a key that is under way, or 0. */
export function flightOf(c: i32, key: i32): i32 {
  const I = ints();
  let flight = I[I[c + 18] + (mix(key) & I[c + 19])];
  while (flight !== 0 && I[flight] !== key) flight = I[flight + 1];
  return flight;
}

/** Notes that a key is being loaded. May take memory. */
export function beginFlight(c: i32, key: i32): i32 {
  let flight = ints()[c + 20];
  if (flight !== 0) ints()[c + 20] = ints()[flight + 1];
  else flight = take(4);
  const I = ints();
  const place = I[c + 18] + (mix(key) & I[c + 19]);
  I[flight] = key;
  I[flight + 1] = I[place];
  I[flight + 2] = -1;
  I[flight + 3] = -1;
  I[place] = flight;
  return flight;
}

/** A frame waits for it; its int 5 says where it goes on when the load fails. */
export function joinFlight(flight: i32, f: i32): void {
  const I = ints();
  I[f + 7] = -1;
  if (I[flight + 2] < 0) I[flight + 2] = f;
  else I[I[flight + 3] + 7] = f;
  I[flight + 3] = f;
}

/** The load of a key is over: who has waited for it goes on, in the order of coming. */
export function endFlight(c: i32, key: i32, failed: boolean): void {
  const I = ints();
  const place = I[c + 18] + (mix(key) & I[c + 19]);
  const flight = flightOf(c, key);
  if (I[place] === flight) I[place] = I[flight + 1];
  else {
    let before = I[place];
    while (I[before + 1] !== flight) before = I[before + 1];
    I[before + 1] = I[flight + 1];
  }
  let f = I[flight + 2];
  while (f >= 0) {
    const next = I[f + 7];
    if (failed) I[f] = I[f + 5];
    makeReady(f);
    f = next;
  }
  I[flight + 1] = I[c + 20];
  I[c + 20] = flight;
}
