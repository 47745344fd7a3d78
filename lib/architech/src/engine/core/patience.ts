import * as at from "./addresses.js";
import { makeReady } from "./growth.js";
import { leaveLine } from "./lines.js";
import { ints } from "./platform.js";

// Waiting no longer than so long. It goes with lines that are linked both ways: who gives up is taken out of the middle.
// A frame that waits holds its turn in int 27, and anything else there once it has left the line.

/** Takes a frame out of the line of a station, if it still waits for its turn there: it goes on where there is no room. */
export function giveUp(s: i32, f: i32, turn: i32): void {
  const I = ints();
  if (I[f + 27] !== turn) return;
  I[f + 27] = -1;
  const before = I[f + 4];
  const next = I[f + 7];
  if (before < 0) I[s + 1] = next;
  else I[before + 7] = next;
  if (next < 0) I[s + 2] = before;
  else I[next + 4] = before;
  leaveLine(s, f);
  I[f] = I[f + 5];
  makeReady(f);
}

/** The turn of a frame that has just lined up. */
export function nextTurn(f: i32): i32 {
  const I = ints();
  const turn = I[at.lined];
  I[f + 27] = turn;
  I[at.lined] = (turn + 1) & 0x7fffffff;
  return turn;
}
