import * as at from "./addresses.js";
import { makeReady } from "./growth.js";
import { float, floats, infinity, ints, root } from "./platform.js";
import { merge, rest, single } from "./ranked.js";

// Lines in front of a station. Those that are first in, first out (0) or its reverse (1) the loop keeps itself, and
// only faults hand on here. A station's int 15 says that waiting at it is no wait of the node (1), its int 9 is the order of its line: 2 by rank, 3 linked both ways; its int 10 is the place of 16 ints:
// what ranks (0 the priority of the class, 1 how long it takes, 2 its deadline, 3 fair shares) or how many wait before
// the newest is next, whether CoDel drops (1), it is dropping (2), how often (3), how often before (4), place of the
// finish tags of classes (5); doubles 4 target, 5 interval, 6 above the target since, 7 next drop, or 4 virtual time.

/** Puts a frame into the line of a station; `refused` is where it goes on when the line drops it. */
export function lineUp(s: i32, f: i32, refused: i32): void {
  const I = ints();
  const D = floats();
  if (I[s + 9] === 2) {
    D[(f >> 1) + 15] = rankOf(I[s + 10], f);
    I[f + 27] = I[at.lined];
    I[at.lined] = (I[at.lined] + 1) | 0;
    I[s + 1] = merge(I[s + 1], single(f));
    return;
  }
  I[f + 5] = refused;
  const tail = I[s + 2];
  I[f + 7] = -1;
  I[f + 4] = -1;
  if (I[s + 1] < 0) I[s + 1] = f;
  else {
    I[tail + 7] = f;
    I[f + 4] = tail;
  }
  I[s + 2] = f;
}

/** What a frame is ranked by: the least is next. */
function rankOf(line: i32, f: i32): f64 {
  const I = ints();
  const D = floats();
  const kind = I[line];
  const classes = I[at.classes] + 2 * I[f + 24];
  if (kind === 0) return -D[classes];
  if (kind === 1) return D[(f >> 1) + 11];
  if (kind === 2) return D[(f >> 1) + 14];
  // Self-clocked fair queueing (Golestani, 1994), each request counting as one.
  const finish = I[line + 5] + I[f + 24];
  let start = D[(line >> 1) + 4];
  if (D[finish] > start) start = D[finish];
  D[finish] = start + 1 / D[classes + 1];
  return D[finish];
}

/** Takes the next frame out of a line that is not empty. */
function takeNext(s: i32): i32 {
  const I = ints();
  const head = I[s + 1];
  if (I[s + 9] < 2) {
    I[s + 1] = I[head + 7];
    return head;
  }
  if (I[s + 9] === 2) {
    const line = I[s + 10];
    I[s + 1] = rest(head);
    if (I[line] === 3) {
      const D = floats();
      // Nobody waits any more: shares are counted from here on.
      D[(line >> 1) + 4] = D[(head >> 1) + 15];
    }
    return head;
  }
  if (I[s + 3] > I[I[s + 10]]) {
    const newest = I[s + 2];
    const before = I[newest + 4];
    I[s + 2] = before;
    if (before < 0) I[s + 1] = -1;
    else I[before + 7] = -1;
    return newest;
  }
  const next = I[head + 7];
  I[s + 1] = next;
  if (next < 0) I[s + 2] = -1;
  else I[next + 4] = -1;
  return head;
}

/** Counts a frame out of a line: what it has waited is known now. */
export function leaveLine(s: i32, f: i32): void {
  const I = ints();
  const D = floats();
  const now = D[at.now];
  I[s + 3] = I[s + 3] - 1;
  const gauge = I[s + 5];
  D[I[at.gauges] + gauge] = D[I[at.gauges] + gauge] + now;
  I[I[at.gaugeCounts] + gauge] = I[I[at.gaugeCounts] + gauge] - 1;
  const d = I[at.depths] + I[s + 6] * 2;
  I[d] = I[d] - 1;
  if (I[s + 15] === 0) D[(f >> 1) + 9] = D[(f >> 1) + 9] + (now - D[(f >> 1) + 10]);
}

/** Counts a frame into a line. */
export function enterLine(s: i32, f: i32): void {
  const I = ints();
  const D = floats();
  const now = D[at.now];
  D[(f >> 1) + 10] = now;
  I[s + 3] = I[s + 3] + 1;
  const gauge = I[s + 5];
  D[I[at.gauges] + gauge] = D[I[at.gauges] + gauge] - now;
  I[I[at.gaugeCounts] + gauge] = I[I[at.gaugeCounts] + gauge] + 1;
  const d = I[at.depths] + I[s + 6] * 2;
  I[d] = I[d] + 1;
  if (I[d] > I[d + 1]) I[d + 1] = I[d];
}

/** Hands a server that has come free to the next of the line, or keeps it when nobody is left. */
export function handOn(s: i32): void {
  const I = ints();
  let next = -1;
  if (I[s + 9] === 3 && I[I[s + 10] + 1] === 1) next = takeUndropped(s);
  else if (I[s + 1] >= 0) {
    next = takeNext(s);
    leaveLine(s, next);
  }
  if (next < 0) I[s] = I[s] + 1;
  else makeReady(next);
}

/** Whether the one taken last may be dropped; takeUndropped asks right after it has taken. */
let droppable = false;

/** The next of the line after those that CoDel drops (RFC 8289, section 5.5); -1 when nobody is left. */
function takeUndropped(s: i32): i32 {
  const I = ints();
  const D = floats();
  const line = I[s + 10];
  const d = line >> 1;
  const now = D[at.now];
  let f = takeWatched(s);
  if (I[line + 2] === 1) {
    if (!droppable) I[line + 2] = 0;
    while (I[line + 2] === 1 && now >= D[d + 7]) {
      drop(f);
      I[line + 3] = I[line + 3] + 1;
      f = takeWatched(s);
      if (!droppable) I[line + 2] = 0;
      else D[d + 7] = D[d + 7] + D[d + 5] / root(float(I[line + 3]));
    }
  } else if (droppable) {
    drop(f);
    f = takeWatched(s);
    I[line + 2] = 1;
    // Dropping that ended a short while ago goes on at the pace that it had.
    const grown = I[line + 3] - I[line + 4];
    const recent = now - D[d + 7] < 16 * D[d + 5];
    I[line + 3] = grown > 1 && recent ? grown : 1;
    D[d + 7] = now + D[d + 5] / root(float(I[line + 3]));
    I[line + 4] = I[line + 3];
  }
  return f;
}

/** Takes the next and notes whether the line has been above its target for an interval. */
function takeWatched(s: i32): i32 {
  const I = ints();
  const D = floats();
  const d = I[s + 10] >> 1;
  const now = D[at.now];
  droppable = false;
  if (I[s + 1] < 0) {
    D[d + 6] = infinity;
    return -1;
  }
  const f = takeNext(s);
  leaveLine(s, f);
  if (now - D[(f >> 1) + 10] < D[d + 4] || I[s + 3] <= 1) D[d + 6] = infinity;
  else if (D[d + 6] === infinity) D[d + 6] = now + D[d + 5];
  else droppable = now >= D[d + 6];
  return f;
}

/** Lets a frame go on where it goes when there is no room. */
function drop(f: i32): void {
  const I = ints();
  I[f] = I[f + 5];
  makeReady(f);
}
