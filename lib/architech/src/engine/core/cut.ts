import * as at from "./addresses.js";
import { growFrames, growHeap } from "./growth.js";
import { doubleFloats, take } from "./memory.js";
import { float, floats, infinity, ints } from "./platform.js";
import { sample } from "./sampling.js";

// Calls between machines that simulate one model in parts. What is sent lies in a table until the host takes it: six
// doubles each. 0 when it arrives, 1 when it was sent, 2 the deadline; ints 6 the part that it goes to, 7 the place in
// the code, 8 the frame that waits for the answer, 9 whether it is an answer, 10 class, 11 key.
// Where something else comes next at the moment at which a message arrives, seven doubles are noted: the moment, when the
// message was sent and by which part; whether the other is a message (1) or not (0), when it was sent, by which part, and
// its number in the calendar.

// What frames do next, as in the loop.
const GO = 0;
const YIELD = 3;

const sentStride = 6;
const firstRoom = 16;
const tieStride = 7;
/** Ties that are noted at most; one would be enough. */
const mostTies = 64;

/** Carries out one of the instructions from 110 on, at the time that it is. Returns what the frame does next. */
export function atCut(f: i32, pc: i32): i32 {
  switch (ints()[pc]) {
    case 110:
      // Until its answer comes the frame is nowhere.
      post(f, pc + 4, ints()[pc + 3], f, 0, pc);
      return YIELD;
    case 111: {
      const I = ints();
      post(f, I[pc + 3], I[f + 10], I[f + 9], 1, pc);
      ints()[f] = pc + 4;
      return GO;
    }
    default:
      noteTie(f);
      ints()[f] = pc + 1;
      return GO;
  }
}

/** Notes a message, which takes as long as its latency: a constant, or drawn at a site. */
function post(f: i32, to: i32, part: i32, frame: i32, isAnswer: i32, pc: i32): void {
  const site = ints()[pc + 2];
  let latency: f64 = 0;
  if (site >= 0) latency = sample(site);
  else latency = floats()[ints()[at.constants] + ints()[pc + 1]];
  if (ints()[at.sentRoom] === 0) {
    const place = take(2 * sentStride * firstRoom);
    ints()[at.sent] = place >> 1;
    ints()[at.sentRoom] = firstRoom;
  } else if (ints()[at.sentHeld] === ints()[at.sentRoom])
    doubleFloats(at.sent, at.sentRoom, sentStride, ints()[at.sentHeld]);
  const I = ints();
  const D = floats();
  const d = I[at.sent] + sentStride * I[at.sentHeld];
  const i = 2 * d;
  I[at.sentHeld] = I[at.sentHeld] + 1;
  D[d] = D[at.now] + latency;
  D[d + 1] = D[at.now];
  const carries = I[at.wide] !== 0;
  if (carries) D[d + 2] = D[(f >> 1) + 14];
  else D[d + 2] = infinity;
  I[i + 6] = part;
  I[i + 7] = to;
  I[i + 8] = frame;
  I[i + 9] = isAnswer;
  I[i + 10] = carries ? I[f + 24] : 0;
  I[i + 11] = carries ? I[f + 25] : 0;
}

/** Behind the entries that are next in the heap after the one on top. */
function childrenEnd(): i32 {
  const size = ints()[at.heapSize];
  if (size > 5) return 5;
  return size;
}

/** Notes what comes next after a message that has just arrived, if it comes at the same moment. */
function noteTie(f: i32): void {
  const I = ints();
  const D = floats();
  const now = D[at.now];
  // The message has been taken off the top, which nothing has filled yet.
  let next = -1;
  let number = 0;
  const times = I[at.heapTime];
  const last = childrenEnd();
  for (let k = 1; k < last; k++) {
    const its = I[I[at.heapInfo] + 2 * k + 1];
    if (D[times + k] === now && (next < 0 || ((its - number) | 0) < 0)) {
      next = I[I[at.heapInfo] + 2 * k];
      number = its;
    }
  }
  for (let k = 0; k < I[at.laneCount]; k++) {
    const l = I[at.lanes] + 10 * k;
    if (D[(l >> 1) + 3] === now && (next < 0 || ((I[l + 4] - number) | 0) < 0)) {
      next = 0;
      number = I[l + 4];
    }
  }
  if (next < 0) return;
  if (I[at.ties] === 0) {
    const place = take(2 * tieStride * mostTies);
    ints()[at.ties] = place >> 1;
  }
  const held = ints()[at.tiesHeld];
  ints()[at.tiesHeld] = held + 1;
  if (held >= mostTies) return;
  const d = ints()[at.ties] + tieStride * held;
  const F = floats();
  const J = ints();
  F[d] = now;
  F[d + 1] = F[(f >> 1) + 10];
  F[d + 2] = float(J[f + 4]);
  const isMessage = next > 0 && J[J[next]] === 112;
  F[d + 3] = isMessage ? 1 : 0;
  F[d + 4] = isMessage ? F[(next >> 1) + 10] : 0;
  F[d + 5] = float(isMessage ? J[next + 4] : 0);
  F[d + 6] = float(number);
}

/** Makes room for so many messages that come from another part, and returns the place of the first double. */
export function roomForMessages(count: i32): i32 {
  if (ints()[at.comingRoom] < count) {
    const place = take(2 * sentStride * count);
    ints()[at.coming] = place >> 1;
    ints()[at.comingRoom] = count;
  }
  return ints()[at.coming];
}

/**
 * Puts so many messages from another part into the calendar: a call, for which a frame begins, or the answer that a frame
 * has waited for. Among what happens at the same moment the number of each decides, which stands where the part that it
 * goes to has stood. Between two runs only.
 */
export function admit(part: i32, count: i32): void {
  const first = ints()[at.coming];
  for (let i = 0; i < count; i++) {
    const d = first + sentStride * i;
    let f = ints()[2 * d + 8];
    if (ints()[2 * d + 9] === 0) {
      if (ints()[at.freeCount] === 0 && !growFrames()) {
        ints()[at.halted] = 1;
        return;
      }
      f = beginCall(part, d);
    }
    const I = ints();
    const D = floats();
    I[f] = I[2 * d + 7];
    I[f + 4] = part;
    D[(f >> 1) + 10] = D[d + 1];
    schedule(f, D[d], I[2 * d + 6]);
  }
  // A machine that had nothing more to do has something now.
  if (count > 0 && ints()[at.halted] === 2) ints()[at.halted] = 0;
}

/** A frame for a call from another part, which knows whom it is to answer. */
function beginCall(part: i32, d: i32): i32 {
  const I = ints();
  const D = floats();
  const f = I[at.free];
  I[at.free] = I[f + 7];
  I[at.freeCount] = I[at.freeCount] - 1;
  I[f + 1] = -1;
  I[f + 9] = I[2 * d + 8];
  I[f + 10] = part;
  D[(f >> 1) + 9] = 0;
  if (I[at.wide] !== 0) {
    I[f + 24] = I[2 * d + 10];
    I[f + 25] = I[2 * d + 11];
    I[f + 26] = 0;
    D[(f >> 1) + 14] = D[d + 2];
  }
  return f;
}

/** Puts a frame into the heap with a number of its own. */
function schedule(f: i32, time: f64, number: i32): void {
  if (ints()[at.heapSize] === ints()[at.heapRoom]) growHeap(ints()[at.heapSize]);
  const I = ints();
  const D = floats();
  const times = I[at.heapTime];
  const info = I[at.heapInfo];
  let i = I[at.heapSize];
  I[at.heapSize] = i + 1;
  let up = (i - 1) >> 2;
  while (i > 0 && (time < D[times + up] || (time === D[times + up] && ((number - I[info + 2 * up + 1]) | 0) < 0))) {
    D[times + i] = D[times + up];
    I[info + 2 * i] = I[info + 2 * up];
    I[info + 2 * i + 1] = I[info + 2 * up + 1];
    i = up;
    up = (i - 1) >> 2;
  }
  D[times + i] = time;
  I[info + 2 * i] = f;
  I[info + 2 * i + 1] = number;
}

/** When something happens next: now where frames are ready, Infinity where nothing will by itself. Between two runs only. */
export function nextTime(): f64 {
  const I = ints();
  const D = floats();
  if (I[at.readyHead] !== I[at.readyTail]) return D[at.now];
  let next = infinity;
  if (I[at.heapSize] > 0) next = D[I[at.heapTime]];
  for (let k = 0; k < I[at.laneCount]; k++) {
    const time = D[((I[at.lanes] + 10 * k) >> 1) + 3];
    if (time < next) next = time;
  }
  return next;
}

/** Keeps so many numbers for messages, which come before all that is put into the calendar from now on. Returns the first. */
export function reserveNumbers(count: i32): i32 {
  const I = ints();
  const first = (I[at.sequence] + 1) | 0;
  I[at.sequence] = (I[at.sequence] + count) | 0;
  return first;
}
