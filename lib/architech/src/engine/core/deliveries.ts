import * as at from "./addresses.js";
import * as its from "./channel-places.js";
import { leaveLineAs, newFrame, unlink } from "./channels.js";
import { inherit } from "./frames.js";
import { makeReady } from "./growth.js";
import { floats, infinity, ints } from "./platform.js";

/** Lets a member take from a line if one is free and there are as many as it wants, or the first has waited for long enough. */
export function serveLine(line: i32): boolean {
  const I = ints();
  const D = floats();
  const g = I[line + its.lineGroup];
  if (I[line + its.lineWaiting] === 0 || I[g + its.groupPaused] > 0) return false;
  if (I[I[g + its.groupChannel] + its.channelDown] > 0) return false;
  let first = I[g + its.groupFirstMember];
  let count = I[g + its.groupMembers];
  if (I[I[g + its.groupChannel] + its.channelOrdered] === 1) {
    if (I[line + its.lineBusy] === 1) return false;
    first = I[line + its.lineMember];
    count = 1;
  }
  const since = D[(I[line + its.lineHead] >> 1) + 10];
  let due = infinity;
  for (let i = 0; i < count; i++) {
    const m = first + its.memberStride * i;
    if (I[I[m + its.memberStation]] > 0) {
      const full: f64 = since + D[(m >> 1) + its.memberWait];
      if (I[line + its.lineWaiting] >= I[m + its.memberMost] || full <= D[at.now]) {
        takeBatch(line, m);
        return true;
      }
      if (full < due) due = full;
    }
  }
  if (due < D[(line >> 1) + its.lineDue] || (I[line + its.lineArmed] === 0 && due < infinity)) {
    I[line + its.lineArmed] = I[line + its.lineArmed] + 1;
    D[(line >> 1) + its.lineDue] = due;
    startClock(line, due, 1);
  }
  return false;
}

/** Lets members of the line's group look at it at this time. */
export function startClock(line: i32, due: f64, counted: i32): void {
  const k = newFrame(ints()[ints()[line + its.lineGroup] + its.groupRipe]);
  const I = ints();
  I[k + its.clockLine] = line;
  I[k + its.clockCounted] = counted;
  floats()[(k >> 1) + 11] = due;
  makeReady(k);
}

/** A clock has rung: whether it stays to look once more. */
export function ring(k: i32): boolean {
  const I = ints();
  const line = I[k + its.clockLine];
  if (I[k + its.clockCounted] === 1) {
    I[k + its.clockCounted] = 0;
    I[line + its.lineArmed] = I[line + its.lineArmed] - 1;
    floats()[(line >> 1) + its.lineDue] = infinity;
  }
  return serveLine(line);
}

/** Lets a member take from one of its lines, beginning behind the one that it took from last. */
function serveMember(m: i32): void {
  const last = ints()[m + its.memberLine];
  if (last < 0) return;
  let line = ints()[last + its.lineNext];
  for (;;) {
    if (serveLine(line) || line === last) return;
    line = ints()[line + its.lineNext];
  }
}

/** Takes as many as the member wants off the line, as one delivery. Views may be stale then. */
function takeBatch(line: i32, member: i32): void {
  let I = ints();
  const c = I[I[line + its.lineGroup] + its.groupChannel];
  const s = I[member + its.memberStation];
  I[s] = I[s] - 1;
  I[line + its.lineBusy] = 1;
  if (I[c + its.channelOrdered] === 1) I[member + its.memberLine] = line;
  let count = I[line + its.lineWaiting];
  if (count > I[member + its.memberMost]) count = I[member + its.memberMost];
  const t = newFrame(I[c + its.channelDeliver]);
  I[t + its.deliveryFirst] = -1;
  I[t + its.deliveryMember] = member;
  I[t + its.deliveryLine] = line;
  I[t + its.deliveryCount] = count;
  I[t + its.deliveryState] = 0;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const m = I[line + its.lineHead];
    leaveLineAs(m, 1);
    I = ints();
    if (I[m + its.messageDelivery] >= 0) unlink(m);
    I[m + its.messageReceives] = I[m + its.messageReceives] + 1;
    // No clock of its own runs for it any more.
    I[m + 2] = (I[m + 2] + 1) | 0;
    I[m + its.messageDelivery] = t;
    I[m + its.messageOlder] = last;
    I[m + its.messageSibling] = -1;
    if (last < 0) I[t + its.deliveryFirst] = m;
    else I[last + its.messageSibling] = m;
    last = m;
  }
  makeReady(t);
}

/** The frame that works on a delivery, from now on. */
export function beginDelivery(t: i32): i32 {
  let I = ints();
  const member = I[t + its.deliveryMember];
  const w = I[member + its.memberWorker] + I[at.workers];
  const f = newFrame(I[w + 3]);
  I = ints();
  const D = floats();
  const meter = I[w + 2];
  I[f + 1] = t;
  I[f + 3] = I[t + 2];
  I[f + 6] = I[member + its.memberStation];
  I[f + 8] = meter;
  D[(f >> 1) + 8] = D[at.now];
  D[(f >> 1) + 9] = 0;
  const m = I[at.meters] + meter * 8;
  D[m] = D[m] + 1;
  D[m + 3] = D[m + 3] - D[at.now];
  if (I[at.wide] !== 0) inherit(I[t + its.deliveryFirst], f);
  return f;
}

/** Gives the server of a delivery back, and lets its member go on. */
export function release(t: i32): void {
  const I = ints();
  const member = I[t + its.deliveryMember];
  const line = I[t + its.deliveryLine];
  const s = I[member + its.memberStation];
  I[s] = I[s] + 1;
  I[line + its.lineBusy] = 0;
  if (I[I[I[line + its.lineGroup] + its.groupChannel] + its.channelOrdered] === 0) {
    serveLine(line);
    return;
  }
  serveMember(member);
  // The line may be another's by now.
  if (ints()[line + its.lineMember] !== member) serveLine(line);
}
