import * as at from "./addresses.js";
import { growFrames, makeReady } from "./growth.js";
import { enterLine, leaveLine } from "./lines.js";
import { float, floats, infinity, ints } from "./platform.js";
import { merge, rest, single } from "./ranked.js";
import { countBusy, count as countGauge } from "./replicas.js";

// Cores that are not held from the start of a step to its end. A station's int 10 is the place of 16 ints: how they
// are shared (0 all at once, 1 by priority, 2 the shortest remaining first), how many frames want them (1), the heap of
// those that share or wait (2, -1 for none), the tick that is due (3), whether one is due (4), gauge of busy cores (5),
// frames that run one to a core (6, by their links; -1 for none), how many (7), the frame whose end the tick is (8, or
// -1), code of the tick (9); doubles 5 virtual time, 6 when that was, 7 when the tick is due. Processor sharing keeps virtual time, which
// grows as fast as each of those inside is served: a frame is done when it reaches the frame's rank.

/** Begins to work on a frame, for so long if it had a core to itself. Returns how long until a new tick, or -1 for none. */
export function beginShare(s: i32, f: i32, work: f64): f64 {
  const I = ints();
  const D = floats();
  const r = I[s + 10];
  const now = D[at.now];
  I[f + 27] = I[at.lined];
  I[at.lined] = (I[at.lined] + 1) | 0;
  if (I[r] === 0) {
    passVirtualTime(s, now);
    count(s, 1);
    D[(f >> 1) + 15] = D[(r >> 1) + 5] + work;
    I[r + 2] = merge(I[r + 2], single(f));
  } else {
    count(s, 1);
    D[(f >> 1) + 11] = work;
    let runs = f;
    if (I[r + 7] >= I[s + 7]) {
      const worst = worstRunning(r);
      if (comesBefore(r, f, worst, now)) {
        stop(r, worst);
        D[(worst >> 1) + 11] = D[(worst >> 1) + 11] - now;
        queue(s, worst);
      } else {
        queue(s, f);
        runs = -1;
      }
    }
    if (runs >= 0) go(r, f, now);
  }
  return planTick(s, now);
}

/**
 * What a tick does: whoever is done goes on. Returns how long until the next one, or -1: the tick's frame is over.
 * `turn` is the tick's own, which tells whether another one has taken its place.
 */
export function tick(s: i32, turn: i32): f64 {
  const I = ints();
  const D = floats();
  const r = I[s + 10];
  const now = D[at.now];
  if (I[r + 3] !== turn) return -1;
  I[r + 4] = 0;
  if (I[r] === 0) {
    passVirtualTime(s, now);
    // Rounding may leave the one that the tick was for a little short.
    if (I[r + 8] >= 0) D[(r >> 1) + 5] = D[(I[r + 8] >> 1) + 15];
    while (I[r + 2] >= 0 && D[(I[r + 2] >> 1) + 15] <= D[(r >> 1) + 5]) {
      const done = I[r + 2];
      I[r + 2] = rest(done);
      count(s, -1);
      makeReady(done);
    }
  } else if (I[r + 8] >= 0) {
    const done = I[r + 8];
    stop(r, done);
    count(s, -1);
    makeReady(done);
    const next = I[r + 2];
    if (next >= 0) {
      I[r + 2] = rest(next);
      leaveLine(s, next);
      go(r, next, now);
    }
  }
  return planTick(s, now);
}

/** Brings virtual time up to now. */
function passVirtualTime(s: i32, now: f64): void {
  const I = ints();
  const D = floats();
  const d = I[s + 10] >> 1;
  if (I[I[s + 10] + 1] > 0) D[d + 5] = D[d + 5] + (now - D[d + 6]) * speed(s);
  else D[d + 5] = 0;
  D[d + 6] = now;
}

/** How fast each of those that share is served. */
function speed(s: i32): f64 {
  const I = ints();
  const inside = I[I[s + 10] + 1];
  return inside <= I[s + 7] ? 1 : float(I[s + 7]) / float(inside);
}

/** One more or one fewer wants a core. */
function count(s: i32, change: i32): void {
  const I = ints();
  const r = I[s + 10];
  const inside = I[r + 1];
  const after = inside + change;
  I[r + 1] = after;
  // As many cores are busy as there are, or as are wanted.
  if ((change > 0 ? after : inside) <= I[s + 7]) setBusy(s, change);
}

function setBusy(s: i32, change: i32): void {
  countGauge(ints()[ints()[s + 10] + 5], change);
  countBusy(s, change);
}

/** How many of the cores are busy with so many frames. */
function busy(inside: i32, cores: i32): i32 {
  if (inside < cores) return inside;
  return cores;
}

/**
 * From now on so many cores are shared: those that work go on as fast as that goes. Memory may move, and the run ends
 * where there is no frame left for the tick.
 */
export function resizeShared(s: i32, cores: i32): void {
  let I = ints();
  const D = floats();
  const r = I[s + 10];
  const now = D[at.now];
  const before = I[s + 7];
  const inside = I[r + 1];
  if (I[r] === 0) passVirtualTime(s, now);
  I[s] = I[s] + cores - before;
  I[s + 7] = cores;
  setBusy(s, busy(inside, cores) - busy(inside, before));
  if (inside === 0 || before === cores) return;
  if (I[r] !== 0) {
    while (I[r + 7] > cores) {
      const worst = worstRunning(r);
      stop(r, worst);
      D[(worst >> 1) + 11] = D[(worst >> 1) + 11] - now;
      queue(s, worst);
    }
    while (I[r + 7] < cores && I[r + 2] >= 0) {
      const next = I[r + 2];
      I[r + 2] = rest(next);
      leaveLine(s, next);
      go(r, next, now);
    }
  }
  // A tick that only looks again takes the place of the one that was due.
  if (I[at.freeCount] === 0 && !growFrames()) {
    I[at.halted] = 1;
    return;
  }
  I = ints();
  const f = I[at.free];
  I[at.free] = I[f + 7];
  I[at.freeCount] = I[at.freeCount] - 1;
  I[r + 3] = (I[r + 3] + 1) | 0;
  I[r + 4] = 0;
  I[r + 8] = -1;
  I[f] = I[r + 9];
  I[f + 1] = -1;
  I[f + 6] = s;
  I[f + 9] = I[r + 3];
  makeReady(f);
}

/** When the next one is done, unless a tick is due no later: how long until then, or -1. */
function planTick(s: i32, now: f64): f64 {
  const I = ints();
  const D = floats();
  const r = I[s + 10];
  const d = r >> 1;
  let first = -1;
  let due: f64 = infinity;
  if (I[r] === 0) {
    first = I[r + 2];
    if (first >= 0) due = now + (D[(first >> 1) + 15] - D[d + 5]) / speed(s);
  } else {
    for (let g = I[r + 6]; g >= 0; g = I[g + 7]) {
      if (D[(g >> 1) + 11] < due) {
        due = D[(g >> 1) + 11];
        first = g;
      }
    }
  }
  if (first < 0) return -1;
  if (I[r + 4] === 1) {
    // A tick that is due too early only looks again.
    if (D[d + 7] < due) {
      I[r + 8] = -1;
      return -1;
    }
    if (D[d + 7] === due) {
      I[r + 8] = first;
      return -1;
    }
  }
  I[r + 3] = (I[r + 3] + 1) | 0;
  I[r + 4] = 1;
  I[r + 8] = first;
  D[d + 7] = due;
  return due - now;
}

/** A frame gets a core to itself: its double 11 becomes the time at which it will be done. */
function go(r: i32, f: i32, now: f64): void {
  const I = ints();
  const D = floats();
  D[(f >> 1) + 11] = D[(f >> 1) + 11] + now;
  I[f + 7] = I[r + 6];
  I[r + 6] = f;
  I[r + 7] = I[r + 7] + 1;
}

/** A frame gives its core back. */
function stop(r: i32, f: i32): void {
  const I = ints();
  I[r + 7] = I[r + 7] - 1;
  if (I[r + 6] === f) {
    I[r + 6] = I[f + 7];
    return;
  }
  let g = I[r + 6];
  while (I[g + 7] !== f) g = I[g + 7];
  I[g + 7] = I[f + 7];
}

/** A frame waits for a core; its double 11 is what is left to do. */
function queue(s: i32, f: i32): void {
  const I = ints();
  const D = floats();
  const r = I[s + 10];
  D[(f >> 1) + 15] = I[r] === 1 ? priorityRank(f) : D[(f >> 1) + 11];
  enterLine(s, f);
  I[r + 2] = merge(I[r + 2], single(f));
}

function priorityRank(f: i32): f64 {
  const I = ints();
  return -floats()[I[at.classes] + 2 * I[f + 24]];
}

/** Of those that run, the one that would give way. */
function worstRunning(r: i32): i32 {
  const I = ints();
  let worst = I[r + 6];
  for (let g = I[worst + 7]; g >= 0; g = I[g + 7]) if (!runsBefore(r, g, worst)) worst = g;
  return worst;
}

/** Of two that run, whether the first would keep its core longer than the second. */
function runsBefore(r: i32, a: i32, b: i32): boolean {
  const I = ints();
  const D = floats();
  const x = I[r] === 1 ? priorityRank(a) : D[(a >> 1) + 11];
  const y = I[r] === 1 ? priorityRank(b) : D[(b >> 1) + 11];
  if (x !== y) return x < y;
  return ((I[a + 27] - I[b + 27]) | 0) < 0;
}

/** Whether a frame that comes takes the core of one that runs: only if it ranks before it. */
function comesBefore(r: i32, f: i32, running: i32, now: f64): boolean {
  const D = floats();
  if (ints()[r] === 1) return priorityRank(f) < priorityRank(running);
  return D[(f >> 1) + 11] < D[(running >> 1) + 11] - now;
}
