import * as at from "./addresses.js";
import { float, floats, floor, ints, whole } from "./platform.js";

/**
 * One every interval, and so much ahead of that: the generic cell rate algorithm in its form of virtual scheduling
 * (ITU-T I.371), which lets through what a token bucket does. Doubles: interval, tolerance, longest pause, when the
 * next one is due.
 */
export function pace(p: i32, f: i32): f64 {
  const D = floats();
  const d = (p >> 1) + 8;
  const now = D[at.now];
  const interval = D[d];
  let due = D[d + 3];
  if (due < now) due = now;
  // Sums of intervals differ from the times that they stand for in their last places.
  // A bucket of n tokens has a tolerance of n − 1; what is reserved for others is as good as empty.
  const tolerance: f64 = D[d + 1] - (1 - usableShare(p, f)) * (D[d + 1] + interval);
  let pause = due - now - tolerance - interval * 1e-9;
  if (pause <= 0) pause = 0;
  else pause = due - now - tolerance;
  if (pause > D[d + 2]) return -1;
  D[d + 3] = due + interval;
  return pause;
}

/** So many in each window, which follow one another: ints most, count; doubles length, number of the window. */
export function fixedWindow(p: i32, f: i32): f64 {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const current = floor(D[at.now] / D[d]);
  if (current !== D[d + 1]) {
    D[d + 1] = current;
    I[p + 2] = 0;
  }
  if (float(I[p + 2]) >= float(I[p + 1]) * usableShare(p, f)) return -1;
  I[p + 2] = I[p + 2] + 1;
  return 0;
}

/** So many in any window that ends now: ints most, next place of the ring, place of the ring; double length. */
export function slidingLog(p: i32, f: i32): f64 {
  const I = ints();
  const D = floats();
  const now = D[at.now];
  const oldest = I[p + 3] + I[p + 2];
  // Who passed as many ago as there may be must have left the window: that is the oldest, where nothing is reserved.
  const most = ceiling(float(I[p + 1]) * usableShare(p, f));
  if (most === 0 || D[I[p + 3] + ((I[p + 2] + I[p + 1] - most) % I[p + 1])] > now - D[(p >> 1) + 8]) return -1;
  D[oldest] = now;
  const next = I[p + 2] + 1;
  I[p + 2] = next === I[p + 1] ? 0 : next;
  return 0;
}

/** As a sliding log, with the window before spread evenly: ints most, count, count before; doubles length, number of the window. */
export function slidingCounter(p: i32, f: i32): f64 {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const at0 = D[at.now] / D[d];
  const current = floor(at0);
  if (current !== D[d + 1]) {
    I[p + 3] = current === D[d + 1] + 1 ? I[p + 2] : 0;
    I[p + 2] = 0;
    D[d + 1] = current;
  }
  const before = float(I[p + 3]) * (1 - (at0 - current));
  if (float(whole(before) + I[p + 2]) >= float(I[p + 1]) * usableShare(p, f)) return -1;
  I[p + 2] = I[p + 2] + 1;
  return 0;
}

/** The share of a policy's room that a frame's class may use: int 15 is the place of them by class, or 0. */
export function usableShare(p: i32, f: i32): f64 {
  const shares = ints()[p + 15];
  return shares === 0 ? 1 : floats()[shares + ints()[f + 24]];
}

function ceiling(x: f64): i32 {
  const low = whole(x);
  return float(low) === x ? low : low + 1;
}
