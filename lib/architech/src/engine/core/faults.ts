import * as at from "./addresses.js";
import { handOn } from "./lines.js";
import { changeMembers, closeChannel, wakeMembers } from "./membership.js";
import { dispatch } from "./messages.js";
import { pauseStation } from "./pauses.js";
import { extended, ints } from "./platform.js";

/** Taken off a station's free servers while it is down. */
const downOffset = 0x40000000;

/**
 * Takes what a fault names down, or up again; who then goes on is made ready. Its sixteen ints: first station, number of
 * stations, gate, queue, worker (each -1 where there is none), channel, first member and number of members (0 where there
 * is none), and whether what is under way stands still too.
 */
export function fault(index: i32, down: boolean): void {
  const step = down ? 1 : -1;
  const I = ints();
  const at0 = I[at.faults] + index * 16;
  const gate = I[at0 + 2];
  const q = I[at0 + 3];
  const worker = I[at0 + 4];
  if (gate >= 0) I[I[at.gates] + gate] = I[I[at.gates] + gate] + step;
  if (q >= 0) I[q + 4] = I[q + 4] + step;
  for (let i = 0; i < I[at0 + 1]; i++) {
    const s = I[at0] + i * 16;
    if (I[at0 + 8] === 1) pauseStation(s, down);
    turn(s, step);
  }
  if (extended) {
    if (I[at0 + 5] > 0) closeChannel(I[at0 + 5], down);
    // Nobody finds out that members stand still: what is theirs stays theirs.
    if (I[at0 + 6] > 0 && I[at0 + 8] === 0) changeMembers(I[at0 + 6], I[at0 + 7], down);
    else if (I[at0 + 6] > 0 && !down) wakeMembers(I[at0 + 6]);
  }
  if (down) return;
  if (q >= 0) dispatch(q);
  if (worker >= 0) dispatch(ints()[ints()[at.workers] + worker * 4]);
}

/** One more reason for a station to be down (1), or one less (-1); without any it is up. */
export function turn(s: i32, step: i32): void {
  const I = ints();
  const before = I[s + 4];
  const after = before + step;
  I[s + 4] = after;
  if (before === 0) I[s] = I[s] - downOffset;
  if (after === 0) {
    I[s] = I[s] + downOffset;
    wake(s);
  }
}

/** Hands free servers to who waits for them. */
export function wake(s: i32): void {
  const I = ints();
  while (I[s] > 0 && I[s + 1] >= 0) {
    I[s] = I[s] - 1;
    handOn(s);
  }
}
