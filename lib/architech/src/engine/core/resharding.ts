import * as at from "./addresses.js";
import { wake } from "./faults.js";
import { ints } from "./platform.js";
import { count } from "./replicas.js";
import { slotAt } from "./slots.js";

/**
 * Does an instruction of a frame that has to do with slots which move. Returns the station that it waits at, or -1 when
 * it goes on.
 */
export function atSlots(f: i32): i32 {
  const I = ints();
  const pc = I[f];
  const r = I[at.copies] + I[pc + 1];
  if (I[pc] === 99) return admit(r, f, pc);
  I[f] = pc + 4;
  const move = I[r + 17] + 3 * I[f + 9];
  const slot = I[r + 15] + 2 * I[move];
  switch (I[pc + 2]) {
    case 0:
      if (I[r + 19] === I[r + 18]) I[f] = I[pc + 3];
      else {
        I[f + 9] = I[r + 19];
        I[r + 19] = I[r + 19] + 1;
      }
      break;
    case 1:
      I[slot + 1] = 1;
      break;
    case 2:
      I[slot] = I[move + 2];
      I[slot + 1] = 0;
      count(I[r + 22], 1);
      letIn(I[at.stations] + I[r + 20]);
      break;
    default:
      count(I[r + 23], I[pc + 3]);
      count(I[r + 23] + 1, I[pc + 3] * I[r + 24]);
  }
  return -1;
}

/** A write waits, or is refused, while its slot changes hands; it looks again when it has waited. */
function admit(r: i32, f: i32, pc: i32): i32 {
  const I = ints();
  if (I[slotAt(r, I[f + 25]) + 1] === 0) I[f] = pc + 3;
  else if (I[r + 21] === 1) I[f] = I[pc + 2];
  else return I[at.stations] + I[r + 20];
  return -1;
}

/** All who wait at a door go on: it has no servers but as many as are just needed. */
function letIn(s: i32): void {
  const I = ints();
  I[s] = I[s + 3];
  wake(s);
}
