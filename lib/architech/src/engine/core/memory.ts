import { top } from "./addresses.js";
import { ints, reserve } from "./platform.js";

/** Takes this many ints, an even number, behind all that is taken; -1 when memory is at its end. Views may be stale then. */
export function take(count: i32): i32 {
  const at = ints()[top];
  if (!reserve(at + count)) return -1;
  ints()[top] = at + count;
  return at;
}

/** Copies ints to a place that does not overlap. */
export function copy(from: i32, to: i32, count: i32): void {
  const I = ints();
  for (let i = 0; i < count; i++) I[to + i] = I[from + i];
}

/**
 * Doubles a table of doubles whose first place lies at `table` and whose room, in entries of so many doubles each, at
 * `room`; so many entries are in use. Views may be stale then.
 */
export function doubleFloats(table: i32, room: i32, each: i32, used: i32): void {
  const larger = ints()[room] * 2;
  const to = take(larger * each * 2);
  const I = ints();
  copy(I[table] * 2, to, used * each * 2);
  I[table] = to >> 1;
  I[room] = larger;
}
