import * as at from "./addresses.js";
import { makeReady } from "./growth.js";
import { floats, ints } from "./platform.js";

// A station may stand still with everything in it. Its int 11 is the first of those frames whose time is over while it
// does (by their links; -1 for none), int 14 how many pauses go on at once, double 6 how long it has stood still (less
// the time at which the pause under way began). A frame's double 15 is that sum as it was when its time began.

/** A pause begins, or ends: those whose time was over meanwhile are looked at again. */
export function pauseStation(s: i32, begins: boolean): void {
  const I = ints();
  const D = floats();
  const d = (s >> 1) + 6;
  const before = I[s + 14];
  I[s + 14] = begins ? before + 1 : before - 1;
  if (begins && before === 0) D[d] = D[d] - D[at.now];
  if (I[s + 14] > 0) return;
  D[d] = D[d] + D[at.now];
  let f = I[s + 11];
  I[s + 11] = -1;
  while (f >= 0) {
    const next = I[f + 7];
    D[(f >> 1) + 15] = D[d] - D[(f >> 1) + 15];
    makeReady(f);
    f = next;
  }
}

function stoodStill(s: i32): f64 {
  const total = floats()[(s >> 1) + 6];
  return ints()[s + 14] > 0 ? total + floats()[at.now] : total;
}

/** A frame's time begins. */
export function beginTime(f: i32): void {
  floats()[(f >> 1) + 15] = stoodStill(ints()[f + 6]);
}

/** A frame's time is over but for what its station has stood still: how long that is, or -1 while it does. */
export function timeLost(f: i32): f64 {
  const I = ints();
  const D = floats();
  const s = I[f + 6];
  const total = stoodStill(s);
  const lost = total - D[(f >> 1) + 15];
  if (I[s + 14] > 0) {
    // What it has lost so far is all that is left once the station goes on.
    D[(f >> 1) + 15] = lost;
    I[f + 7] = I[s + 11];
    I[s + 11] = f;
    return -1;
  }
  D[(f >> 1) + 15] = total;
  return lost;
}
