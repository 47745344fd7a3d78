import * as at from "./addresses.js";
import { makeReady } from "./growth.js";
import { floats, highWord, ints } from "./platform.js";
import { record } from "./recording.js";

/** Starts idle workers on the messages of a queue that wait. */
export function dispatch(q: i32): void {
  let I = ints();
  let found = true;
  while (found && I[q] >= 0 && I[q + 4] === 0) {
    found = false;
    for (let i = 0; i < I[q + 7] && !found; i++) {
      const worker = I[I[at.takers] + I[q + 8] + i];
      const s = I[I[at.workers] + worker * 4 + 1];
      if (I[s] > 0) {
        I[s] = I[s] - 1;
        makeReady(takeMessage(q, worker));
        I = ints();
        found = true;
      }
    }
  }
}

/** Takes the first message off its queue and sets it up for this worker, which holds a server for it. Views may be stale then. */
export function takeMessage(q: i32, worker: i32): i32 {
  const I = ints();
  const D = floats();
  const g = I[q];
  I[q] = I[g + 7];
  I[q + 2] = I[q + 2] - 1;
  const d = I[at.depths] + I[q + 6] * 2;
  I[d] = I[d] - 1;
  const now = D[at.now];
  const wait = now - D[(g >> 1) + 8];
  const m = I[at.meters] + I[q + 5] * 8;
  D[m + 1] = D[m + 1] + 1;
  D[m + 3] = D[m + 3] + now;
  D[m + 6] = D[m + 6] + wait;
  if (wait > D[m + 7]) D[m + 7] = wait;
  const histogram = 2 * I[q + 5] + 1;
  beginWork(g, worker);
  if (wait > 0) record(histogram, highWord(wait));
  return g;
}

/** Sets a message up for this worker: its work begins now. */
export function beginWork(g: i32, worker: i32): void {
  const I = ints();
  const D = floats();
  const w = I[at.workers] + worker * 4;
  const meter = I[w + 2];
  I[g] = I[w + 3];
  I[g + 1] = -1;
  I[g + 6] = I[w + 1];
  I[g + 8] = meter;
  D[(g >> 1) + 8] = D[at.now];
  D[(g >> 1) + 9] = 0;
  const m = I[at.meters] + meter * 8;
  D[m] = D[m] + 1;
  D[m + 3] = D[m + 3] - D[at.now];
}
