import { floats, ints } from "./platform.js";

// Frames in the order of their ranks, those of one rank in the order of their turns: a pairing heap (Fredman,
// Sedgewick, Sleator and Tarjan, 1986). A frame that waits needs neither its link to the next (7) nor its count of
// what it waits for (4), so they hold the next sibling and the first child.

/** Whether a frame comes before another one. */
function before(a: i32, b: i32): boolean {
  const D = floats();
  const x = D[(a >> 1) + 15];
  const y = D[(b >> 1) + 15];
  if (x !== y) return x < y;
  return ((ints()[a + 27] - ints()[b + 27]) | 0) < 0;
}

/** The heap of two heaps; -1 is an empty one. */
export function merge(a: i32, b: i32): i32 {
  if (a < 0) return b;
  if (b < 0) return a;
  const I = ints();
  const first = before(a, b) ? a : b;
  const second = first === a ? b : a;
  I[second + 7] = I[first + 4];
  I[first + 4] = second;
  return first;
}

/** The heap of one frame, whose rank and turn are set. */
export function single(f: i32): i32 {
  const I = ints();
  I[f + 7] = -1;
  I[f + 4] = -1;
  return f;
}

/** What is left of a heap without its first frame. */
export function rest(root: i32): i32 {
  const I = ints();
  // Pairs from left to right, strung together backwards, then all of them from right to left.
  let pairs = -1;
  let child = I[root + 4];
  while (child >= 0) {
    const a = child;
    const b = I[a + 7];
    let next = -1;
    if (b >= 0) {
      next = I[b + 7];
      I[b + 7] = -1;
    }
    I[a + 7] = -1;
    const pair = merge(a, b);
    I[pair + 7] = pairs;
    pairs = pair;
    child = next;
  }
  let heap = -1;
  while (pairs >= 0) {
    const next = I[pairs + 7];
    I[pairs + 7] = -1;
    heap = merge(heap, pairs);
    pairs = next;
  }
  return heap;
}
