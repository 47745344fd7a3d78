import * as at from "./addresses.js";
import { floats, ints } from "./platform.js";

// Threads that must be started before their first work, and again once they have rested for too long. A record of a node
// is eight ints: its first station, the place of how many threads rest at each, of since when they have (as a double's),
// how many threads a station has, and (a double) for how long they may rest.

/** A thread of a station begins to work: the one that has rested for the shortest time. False when it must be started. */
export function wakeThread(r: i32, s: i32): boolean {
  const I = ints();
  const D = floats();
  const nth = (s - I[r]) / 16;
  const c = I[r + 1] + nth;
  const count = I[c];
  if (count === 0) return false;
  // Where the one that was last at work has rested for too long all have.
  const since = D[I[r + 2] + nth * I[r + 3] + count - 1];
  const warm = since + D[(r >> 1) + 2] >= D[at.now];
  I[c] = warm ? count - 1 : 0;
  return warm;
}

/** A thread of a station has worked, and rests from now on. */
export function restThread(r: i32, s: i32): void {
  const I = ints();
  const nth = (s - I[r]) / 16;
  const c = I[r + 1] + nth;
  floats()[I[r + 2] + nth * I[r + 3] + I[c]] = floats()[at.now];
  I[c] = I[c] + 1;
}
