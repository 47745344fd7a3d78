import * as at from "./addresses.js";
import { tag } from "./frames.js";
import { copy, take } from "./memory.js";
import { ints } from "./platform.js";

/** Doubles the frames, each named by the place of its first int; false at the bound, which leaves room for what one instruction can start. Frames stay where they are. */
export function growFrames(): boolean {
  const frameStride = ints()[at.frameStride];
  const old = ints()[at.frameCount];
  const most = ints()[at.maxFrames];
  let count = old * 2;
  if (count < 32) count = 32;
  if (count > most) count = most;
  if (count <= old) return false;
  const first = take((count - old) * frameStride);
  let I = ints();
  for (let i = old; i < count; i++) {
    const f = first + (i - old) * frameStride;
    I[f + 7] = i + 1 < count ? f + frameStride : I[at.free];
  }
  I[at.free] = first;
  I[at.freeCount] = I[at.freeCount] + count - old;
  I[at.frameCount] = count;
  let size = 64;
  while (size < count + 1) size *= 2;
  if (size === I[at.readySize]) return true;
  const ready = take(size);
  I = ints();
  const mask = I[at.readySize] - 1;
  const waiting = (I[at.readyTail] - I[at.readyHead]) | 0;
  for (let i = 0; i < waiting; i++) I[ready + i] = I[I[at.ready] + ((I[at.readyHead] + i) & mask)];
  I[at.readyHead] = 0;
  I[at.readyTail] = waiting;
  I[at.ready] = ready;
  I[at.readySize] = size;
  return true;
}

/** Doubles the heap, of which so many entries are in use. */
export function growHeap(used: i32): void {
  const room = ints()[at.heapRoom] * 2;
  const time = take(room * 2);
  const info = take(room * 2);
  const I = ints();
  copy(I[at.heapTime] * 2, time, used * 2);
  copy(I[at.heapInfo], info, used * 2);
  I[at.heapTime] = time >> 1;
  I[at.heapInfo] = info;
  I[at.heapRoom] = room;
}

/** Doubles the ring of the lane at a place. */
export function growLane(lane: i32): void {
  const size = ints()[lane + 2];
  const ring = take(size * 12);
  const I = ints();
  const head = I[lane];
  const count = (I[lane + 1] - head) | 0;
  for (let i = 0; i < count; i++) copy(I[lane + 3] + 6 * ((head + i) & (size - 1)), ring + 6 * i, 6);
  I[lane] = 0;
  I[lane + 1] = count;
  I[lane + 2] = size * 2;
  I[lane + 3] = ring;
}

/** Makes a frame ready: it goes on at this moment, after those that are ready already. */
export function makeReady(f: i32): void {
  const I = ints();
  I[I[at.ready] + (I[at.readyTail] & (I[at.readySize] - 1))] = f;
  I[at.readyTail] = (I[at.readyTail] + 1) | 0;
}

/** Puts so many frames at a place in the code, ready. */
export function start(pc: i32, count: i32): void {
  while (ints()[at.freeCount] < count) growFrames();
  const I = ints();
  for (let i = 0; i < count; i++) {
    const f = I[at.free];
    I[at.free] = I[f + 7];
    I[at.freeCount] = I[at.freeCount] - 1;
    I[f] = pc;
    I[f + 1] = -1;
    if (I[at.wide] !== 0) tag(f, 0, 0);
    makeReady(f);
  }
}

/** Doubles the room for pages of histograms. */
export function growPages(): void {
  const room = ints()[at.pageRoom] * 2;
  const counts = take(room * 32);
  const info = take(room * 4);
  const I = ints();
  copy(I[at.pageCounts], counts, I[at.pages] * 32);
  copy(I[at.pageInfo], info, I[at.pages] * 4);
  I[at.pageCounts] = counts;
  I[at.pageInfo] = info;
  I[at.pageRoom] = room;
}
