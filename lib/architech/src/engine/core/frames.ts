import { floats, infinity, ints } from "./platform.js";

// Frames are 24 ints, and 32 where a program is `wide`. The last eight say what a request carries with it: 24 its
// class, 25 its key, 26 whether it ends with the step that started it, 27 its turn in a line; doubles 14 its deadline
// and 15 its rank in a line.

/** What is started on behalf of a frame carries what that one carries. */
export function inherit(from: i32, to: i32): void {
  const I = ints();
  const D = floats();
  I[to + 24] = I[from + 24];
  I[to + 25] = I[from + 25];
  I[to + 26] = 0;
  D[(to >> 1) + 14] = D[(from >> 1) + 14];
}

/** What nobody has started carries this class and this key, and has no deadline. */
export function tag(f: i32, kind: i32, key: i32): void {
  const I = ints();
  I[f + 24] = kind;
  I[f + 25] = key;
  I[f + 26] = 0;
  floats()[(f >> 1) + 14] = infinity;
}

/** Whether a frame works for a step that has gone on without it and that takes back what it has started. */
export function abandoned(f: i32): boolean {
  const I = ints();
  let child = f;
  let parent = I[f + 1];
  while (parent >= 0) {
    if (I[parent + 2] !== I[child + 3]) return I[child + 26] === 1;
    child = parent;
    parent = I[child + 1];
  }
  return false;
}
