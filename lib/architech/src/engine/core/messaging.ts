import * as at from "./addresses.js";
import * as its from "./channel-places.js";
import { channelOf, endMessage, freeFrame, leaveLineAs, lineUpMessage, newFrame, noteDepth, put } from "./channels.js";
import { beginDelivery, ring, serveLine } from "./deliveries.js";
import { rebalance } from "./partitions.js";
import { floats, ints } from "./platform.js";
import { acknowledge, giveBack, goToDeadLetters, reject } from "./redelivery.js";

// What frames do next, as in the loop.
const GO = 0;
const HOLD = 1;
const LANE = 2;
const YIELD = 3;

/** What the loop goes on with: the frame, how long it waits or in which lane, and the frame that comes then, or -1. */
export let subject: i32 = 0;
export let pause: f64 = 0;
export let clockLane: i32 = 0;
export let follower: i32 = -1;

/** Carries out one of the instructions from 80 on. Returns what the frame does next; in a lane it waits for a clock. */
export function carryOut(f: i32, pc: i32): i32 {
  const I = ints();
  subject = f;
  follower = -1;
  switch (I[pc]) {
    case 80: {
      const m = put(I[at.messaging] + I[pc + 1], f);
      I[f] = m < 0 ? I[pc + 2] : pc + 3;
      // Whoever puts the next one sees whether this one waits.
      if (m > 0) {
        subject = m;
        follower = f;
      }
      return GO;
    }
    case 81:
      follower = beginDelivery(f);
      I[f + 4] = 1;
      I[f] = pc + 4;
      I[f + 5] = I[pc + 3];
      return setClock(I[f + its.deliveryFirst], I[pc + 1], I[pc + 2]);
    case 82:
      acknowledge(f);
      return YIELD;
    case 83:
      pause = reject(f, floats()[I[at.constants] + I[pc + 1]]);
      ints()[f] = pc + 2;
      return pause >= 0 ? HOLD : YIELD;
    case 84:
      return endTime(f, I[pc + 1]);
    case 85: {
      const c = channelOf(f);
      I[c + its.channelDelayed] = I[c + its.channelDelayed] - 1;
      lineUpMessage(f);
      if (!serveLine(I[f + its.messageLine])) noteDepth(ints()[f + its.messageLine]);
      return ints()[f + its.messageWaits] === 1 ? setClock(f, ints()[pc + 1], ints()[pc + 2]) : YIELD;
    }
    case 86:
      pause = floats()[(f >> 1) + 11] - floats()[at.now];
      if (pause > 0) return HOLD;
      if (ring(f)) return GO;
      noteDepth(ints()[f + its.clockLine]);
      freeFrame(f);
      return YIELD;
    case 87:
      I[f + 9 + I[pc + 1]] = I[I[f + 1] + its.deliveryCount];
      I[f] = pc + 2;
      return GO;
    case 88:
      return sweep(f);
    default:
      rebalance(I[f + 9]);
      I[f + 10] = 0;
      I[f] = pc + 1;
      return GO;
  }
}

/** Lets a clock run for a message, after which it goes where its steps would when they fail: in this lane, or (-1) by a frame of its own, or (-2) not at all. */
function setClock(m: i32, lane: i32, constant: i32): i32 {
  if (lane === -2) return YIELD;
  subject = m;
  clockLane = lane;
  if (lane >= 0) return LANE;
  const k = newFrame(at.codeStart);
  const I = ints();
  I[k + 1] = m;
  I[k + 3] = I[m + 2];
  subject = k;
  pause = floats()[I[at.constants] + constant];
  return HOLD;
}

/** A time is over: that of a delivery, whose first message carries the clock (0), that of its pause after a failure (1), that of a message which waits (2), or for good (3). */
function endTime(f: i32, what: i32): i32 {
  if (what === 3) return goToDeadLetters(f) ? GO : YIELD;
  if (what === 1) giveBack(f, false);
  else {
    // It was no timeout of a step.
    floats()[at.timeouts] = floats()[at.timeouts] - 1;
    if (what === 0) giveBack(ints()[f + its.messageDelivery], true);
    else {
      leaveLineAs(f, 2);
      endMessage(f, 2);
    }
  }
  return YIELD;
}

/** Goes through the lines of a group, one at a time, and stays with one as long as someone takes from it. */
function sweep(k: i32): i32 {
  const I = ints();
  const g = I[k + 9];
  const i = I[k + 10];
  if (i === I[I[g + its.groupChannel] + its.channelPartitions]) {
    freeFrame(k);
    return YIELD;
  }
  if (!serveLine(I[g + its.groupFirstLine] + its.lineStride * i)) ints()[k + 10] = i + 1;
  return GO;
}
