import * as at from "./addresses.js";
import * as its from "./channel-places.js";
import { inherit } from "./frames.js";
import { makeReady } from "./growth.js";
import { partitionOf } from "./partitions.js";
import { floats, highWord, infinity, ints } from "./platform.js";
import { record } from "./recording.js";

/** A frame that nobody waits for. There is one: no instruction starts more than the reserve. */
export function newFrame(pc: i32): i32 {
  const I = ints();
  const f = I[at.free];
  I[at.free] = I[f + 7];
  I[at.freeCount] = I[at.freeCount] - 1;
  I[f] = pc;
  I[f + 1] = -1;
  return f;
}

/** Ends a frame; who remembers it finds another generation. */
export function freeFrame(f: i32): void {
  const I = ints();
  I[f + 2] = (I[f + 2] + 1) | 0;
  I[f + 7] = I[at.free];
  I[at.free] = f;
  I[at.freeCount] = I[at.freeCount] + 1;
}

/**
 * Puts a message into a channel on behalf of a frame: one for each group of a log. Returns that of a queue, which is to
 * be shown at once, 0 where nobody shows it, and -1 when there is no room.
 */
export function put(c: i32, f: i32): i32 {
  const I = ints();
  const D = floats();
  const groups = I[c + its.channelGroups];
  if (groups === 0) {
    const m = I[at.meters] + 8 * I[c + its.channelMeter];
    D[m] = D[m] + 1;
    D[m + 1] = D[m + 1] + 1;
    return 0;
  }
  const first = I[c + its.channelFirstGroup];
  if (isFull(c)) return -1;
  const wide = I[at.wide] !== 0;
  const partition = partitionOf(c, wide ? I[f + 25] : 0);
  for (let i = 0; i < groups; i++) {
    const g = first + its.groupStride * i;
    const m = newFrame(0);
    if (wide) {
      inherit(f, m);
      // What works on it is no part of the request that sent it.
      D[(m >> 1) + 14] = infinity;
    }
    begin(c, m, I[g + its.groupFirstLine] + its.lineStride * partition);
    if (I[c + its.channelOrdered] === 0) return m;
    makeReady(m);
  }
  return 0;
}

/** Whether a channel has no room for one more, which is then counted as refused. */
export function isFull(c: i32): boolean {
  const I = ints();
  const g = I[c + its.channelFirstGroup];
  const waiting = I[I[g + its.groupFirstLine] + its.lineWaiting] + I[c + its.channelDelayed];
  if (I[c + its.channelOrdered] === 1 || waiting < I[c + its.channelCapacity]) return false;
  const D = floats();
  const m = I[at.meters] + 8 * I[g + its.groupMeter];
  D[m] = D[m] + 1;
  D[m + 2] = D[m + 2] + 1;
  return true;
}

/** Makes a frame a message of a channel, from now on. */
export function begin(c: i32, m: i32, line: i32): void {
  const I = ints();
  const D = floats();
  I[m] = I[c + its.channelEnter];
  I[m + 5] = I[c + its.channelExpire];
  I[m + its.messageLine] = line;
  I[m + its.messageDelivery] = -1;
  I[m + its.messageReceives] = 0;
  I[m + its.messageWaits] = 0;
  I[c + its.channelDelayed] = I[c + its.channelDelayed] + 1;
  const meter = I[at.meters] + 8 * I[c + its.channelMeter];
  D[meter] = D[meter] + 1;
  D[meter + 3] = D[meter + 3] - D[at.now];
}

/** Ends a message: it is done (1), or lost (2). */
export function endMessage(m: i32, how: i32): void {
  const I = ints();
  countOut(m, how);
  if (I[m + its.messageDelivery] >= 0) unlink(m);
  freeFrame(m);
}

/** Counts a message out of its channel: it is done (1), or lost (2). */
export function countOut(m: i32, how: i32): void {
  const I = ints();
  const D = floats();
  const meter = I[at.meters] + 8 * I[channelOf(m) + its.channelMeter];
  D[meter + how] = D[meter + how] + 1;
  D[meter + 3] = D[meter + 3] + D[at.now];
}

/** The channel of a message. */
export function channelOf(m: i32): i32 {
  const I = ints();
  return I[I[I[m + its.messageLine] + its.lineGroup] + its.groupChannel];
}

/** Puts a message at the end of its line: it can be taken from now on. */
export function lineUpMessage(m: i32): void {
  const I = ints();
  const D = floats();
  const line = I[m + its.messageLine];
  const g = I[line + its.lineGroup];
  const now = D[at.now];
  const meter = I[at.meters] + 8 * I[g + its.groupMeter];
  D[meter] = D[meter] + 1;
  D[meter + 3] = D[meter + 3] - now;
  D[(m >> 1) + 10] = now;
  I[m + its.messageWaits] = 1;
  const tail = I[line + its.lineTail];
  I[m + its.messageNext] = -1;
  I[m + its.messageBefore] = -1;
  if (I[line + its.lineHead] < 0) I[line + its.lineHead] = m;
  else {
    I[tail + its.messageNext] = m;
    I[m + its.messageBefore] = tail;
  }
  I[line + its.lineTail] = m;
  I[line + its.lineWaiting] = I[line + its.lineWaiting] + 1;
  const d = I[at.depths] + 2 * I[g + its.groupDepth];
  I[d] = I[d] + 1;
}

/** Notes the most that ever waited, once those who are idle have taken what they can. */
export function noteDepth(line: i32): void {
  const I = ints();
  const d = I[at.depths] + 2 * I[I[line + its.lineGroup] + its.groupDepth];
  if (I[d] > I[d + 1]) I[d + 1] = I[d];
}

/** Takes a message out of its line: it goes on (1), or is lost (2). Views may be stale then. */
export function leaveLineAs(m: i32, how: i32): void {
  const I = ints();
  const D = floats();
  const line = I[m + its.messageLine];
  const g = I[line + its.lineGroup];
  const before = I[m + its.messageBefore];
  const next = I[m + its.messageNext];
  if (before < 0) I[line + its.lineHead] = next;
  else I[before + its.messageNext] = next;
  if (next < 0) I[line + its.lineTail] = before;
  else I[next + its.messageBefore] = before;
  I[m + its.messageWaits] = 0;
  I[line + its.lineWaiting] = I[line + its.lineWaiting] - 1;
  const d = I[at.depths] + 2 * I[g + its.groupDepth];
  I[d] = I[d] - 1;
  const now = D[at.now];
  const meter = I[at.meters] + 8 * I[g + its.groupMeter];
  D[meter + how] = D[meter + how] + 1;
  D[meter + 3] = D[meter + 3] + now;
  if (how === 2) return;
  const wait = now - D[(m >> 1) + 10];
  D[meter + 6] = D[meter + 6] + wait;
  if (wait > D[meter + 7]) D[meter + 7] = wait;
  if (wait > 0) record(2 * I[g + its.groupMeter] + 1, highWord(wait));
}

/** Takes a message off the delivery that was its latest. */
export function unlink(m: i32): void {
  const I = ints();
  const t = I[m + its.messageDelivery];
  const sibling = I[m + its.messageSibling];
  const older = I[m + its.messageOlder];
  if (older < 0) I[t + its.deliveryFirst] = sibling;
  else I[older + its.messageSibling] = sibling;
  if (sibling >= 0) I[sibling + its.messageOlder] = older;
  I[m + its.messageDelivery] = -1;
}
