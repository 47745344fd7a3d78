import * as at from "./addresses.js";
import * as its from "./channel-places.js";
import {
  begin,
  channelOf,
  countOut,
  endMessage,
  freeFrame,
  isFull,
  leaveLineAs,
  lineUpMessage,
  unlink,
} from "./channels.js";
import { release, startClock } from "./deliveries.js";
import { makeReady } from "./growth.js";
import { float, floats, ints } from "./platform.js";

/** Their time was over before the work on them was. */
const late = 1;
/** The work on them has failed. */
const failed = 2;

/**
 * The work on a delivery is done, and so are the messages whose latest delivery it is. What has been delivered once
 * more meanwhile is not: that work is a duplicate.
 */
export function acknowledge(t: i32): void {
  let others = ints()[t + its.deliveryCount];
  let m = ints()[t + its.deliveryFirst];
  while (m >= 0) {
    const next = ints()[m + its.messageSibling];
    // Its time was over, but nobody has taken it since.
    if (ints()[m + its.messageWaits] === 1) leaveLineAs(m, 1);
    endMessage(m, 1);
    others--;
    m = next;
  }
  if (others > 0) count(ints()[channelOfDelivery(t) + its.channelDuplicates], others);
  release(t);
  freeFrame(t);
}

/**
 * The work on a delivery has failed. Returns after how long its messages can be taken again, or -1 when that is as
 * their time is over, or -2 when nothing is left to do: `backoff` is -2 where a message that fails is lost.
 */
export function reject(t: i32, backoff: f64): f64 {
  release(t);
  const I = ints();
  const isLate = (I[t + its.deliveryState] & late) !== 0;
  let m = I[t + its.deliveryFirst];
  if (backoff > -2 && !isLate) {
    I[t + its.deliveryState] = failed;
    // The clock that the first message carries is stopped.
    if (backoff >= 0) I[m + 2] = (I[m + 2] + 1) | 0;
    return backoff;
  }
  while (m >= 0) {
    const next = I[m + its.messageSibling];
    if (isLate) unlink(m);
    else endMessage(m, 2);
    m = next;
  }
  freeFrame(t);
  return -2;
}

/** The messages of a delivery can be taken again, or were delivered as often as may be. */
export function giveBack(t: i32, isLate: boolean): void {
  const I = ints();
  if (isLate) I[t + its.deliveryState] = I[t + its.deliveryState] | late;
  const isOver = (I[t + its.deliveryState] & failed) !== 0;
  const c = channelOfDelivery(t);
  const most = I[c + its.channelMost];
  let back = 0;
  let m = I[t + its.deliveryFirst];
  while (m >= 0) {
    const next = I[m + its.messageSibling];
    if (most > 0 && I[m + its.messageReceives] >= most) bury(c, m);
    else {
      lineUpMessage(m);
      // Work that is still under way may yet do it, as long as nobody takes it.
      if (isOver) unlink(m);
      back++;
    }
    m = next;
  }
  if (back > 0) {
    count(I[c + its.channelRedelivered], back);
    startClock(I[t + its.deliveryLine], floats()[at.now], 0);
  }
  if (isOver) freeFrame(t);
}

/** A message is dead: it goes on by itself. */
function bury(c: i32, m: i32): void {
  const I = ints();
  count(I[c + its.channelDead], 1);
  unlink(m);
  countOut(m, 2);
  I[m + 2] = (I[m + 2] + 1) | 0;
  I[m] = I[c + its.channelBury];
  makeReady(m);
}

/** A dead message goes to the dead letters. Where there are none or they have no room it is dropped: false. */
export function goToDeadLetters(m: i32): boolean {
  const I = ints();
  const dead = I[channelOf(m) + its.channelDeadLetter];
  if (dead === 0 || isFull(dead)) {
    freeFrame(m);
    return false;
  }
  begin(dead, m, I[I[dead + its.channelFirstGroup] + its.groupFirstLine]);
  return true;
}

function channelOfDelivery(t: i32): i32 {
  const I = ints();
  return I[I[I[t + its.deliveryLine] + its.lineGroup] + its.groupChannel];
}

function count(counter: i32, by: i32): void {
  const place = ints()[at.counters] + counter;
  const D = floats();
  D[place] = D[place] + float(by);
}
