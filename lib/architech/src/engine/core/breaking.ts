import * as at from "./addresses.js";
import { float, floats, floor, ints } from "./platform.js";

// A circuit breaker. Ints: state (1: 0 closed, 1 open, 2 half open), fewest calls to judge by (2), calls of the window
// or 0 for a window of time (3), place of the ring (4), its next place (5), calls (6), failed (7) and slow ones (8) in
// the window, probes (9) and of them let in (10), gauge of being open (11), how often the state has changed (12).
// Doubles: share of failures that opens it, what is slow, share of slow ones that opens it, how long it is open, until
// when, length of a tenth of the window, number of the current tenth.

const tenths = 10;

/** Lets a call through (0) or refuses it (-1). The frame notes in its first register which state let it through. */
export function breakerEnter(p: i32, f: i32): f64 {
  const I = ints();
  const D = floats();
  if (I[p + 1] === 1) {
    if (D[at.now] < D[(p >> 1) + 12]) return -1;
    change(p, 2);
  }
  if (I[p + 1] === 2) {
    if (I[p + 10] >= I[p + 9]) return -1;
    I[p + 10] = I[p + 10] + 1;
  }
  I[f + 9] = I[p + 12];
  return 0;
}

/** Takes the outcome of a call into account, unless the state has changed since it began. */
export function breakerLeave(p: i32, f: i32, failed: boolean): void {
  const I = ints();
  const D = floats();
  if (I[f + 9] !== I[p + 12]) return;
  const d = (p >> 1) + 8;
  const slow = D[at.now] - D[(f >> 1) + 8] > D[d + 1];
  if (I[p + 1] === 2) {
    add(p, failed, slow);
    if (I[p + 6] < I[p + 9]) return;
    change(p, bad(p) ? 1 : 0);
    return;
  }
  if (I[p + 3] > 0) {
    const place = I[p + 4] + I[p + 5];
    // Outcomes: 0 none yet, else 1, and 2 for failed, and 4 for slow.
    if (I[place] > 0) forget(p, 1, (I[place] & 2) >> 1, (I[place] & 4) >> 2);
    I[place] = 1 + (failed ? 2 : 0) + (slow ? 4 : 0);
    I[p + 5] = I[p + 5] + 1 === I[p + 3] ? 0 : I[p + 5] + 1;
  } else {
    passTenths(p);
    const place = I[p + 4] + 3 * I[p + 5];
    I[place] = I[place] + 1;
    if (failed) I[place + 1] = I[place + 1] + 1;
    if (slow) I[place + 2] = I[place + 2] + 1;
  }
  add(p, failed, slow);
  if (I[p + 6] >= I[p + 2] && bad(p)) change(p, 1);
}

/** Forgets the tenths of the window that are over. */
function passTenths(p: i32): void {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const current = floor(D[at.now] / D[d + 5]);
  let over = current - D[d + 6];
  D[d + 6] = current;
  if (over > float(tenths)) over = float(tenths);
  for (; over > 0; over--) {
    I[p + 5] = I[p + 5] + 1 === tenths ? 0 : I[p + 5] + 1;
    const place = I[p + 4] + 3 * I[p + 5];
    forget(p, I[place], I[place + 1], I[place + 2]);
    I[place] = 0;
    I[place + 1] = 0;
    I[place + 2] = 0;
  }
}

function add(p: i32, failed: boolean, slow: boolean): void {
  const I = ints();
  I[p + 6] = I[p + 6] + 1;
  if (failed) I[p + 7] = I[p + 7] + 1;
  if (slow) I[p + 8] = I[p + 8] + 1;
}

function forget(p: i32, calls: i32, failed: i32, slow: i32): void {
  const I = ints();
  I[p + 6] = I[p + 6] - calls;
  I[p + 7] = I[p + 7] - failed;
  I[p + 8] = I[p + 8] - slow;
}

/** Whether the calls of the window are reason to open. */
function bad(p: i32): boolean {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const calls = float(I[p + 6]);
  return float(I[p + 7]) >= D[d] * calls || float(I[p + 8]) >= D[d + 2] * calls;
}

/** Goes over to another state, with nothing counted yet. */
function change(p: i32, state: i32): void {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const now = D[at.now];
  const wasOpen = I[p + 1] === 1 ? 1 : 0;
  const isOpen = state === 1 ? 1 : 0;
  const gauge = I[p + 11];
  D[I[at.gauges] + gauge] = D[I[at.gauges] + gauge] - float(isOpen - wasOpen) * now;
  I[I[at.gaugeCounts] + gauge] = I[I[at.gaugeCounts] + gauge] + isOpen - wasOpen;
  I[p + 1] = state;
  I[p + 12] = (I[p + 12] + 1) | 0;
  for (let i = 6; i <= 8; i++) I[p + i] = 0;
  I[p + 10] = 0;
  I[p + 5] = 0;
  if (state === 1) D[d + 4] = now + D[d + 3];
  if (state !== 0) return;
  const room = I[p + 3] > 0 ? I[p + 3] : 3 * tenths;
  for (let i = 0; i < room; i++) I[I[p + 4] + i] = 0;
  if (I[p + 3] === 0) D[d + 6] = floor(now / D[d + 5]);
}
