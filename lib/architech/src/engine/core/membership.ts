import * as its from "./channel-places.js";
import { newFrame } from "./channels.js";
import { makeReady } from "./growth.js";
import { ints } from "./platform.js";

/** Keeps everyone from taking from a channel, or lets them again. */
export function closeChannel(c: i32, down: boolean): void {
  const I = ints();
  I[c + its.channelDown] = I[c + its.channelDown] + (down ? 1 : -1);
  if (down) return;
  for (let i = 0; i < I[c + its.channelGroups]; i++) {
    const g = I[c + its.channelFirstGroup] + its.groupStride * i;
    startSweep(g, I[g + its.groupSweep]);
  }
}

/** So many members of a group leave it, or join it: those of a log pause, and share its partitions out anew. */
export function changeMembers(first: i32, count: i32, down: boolean): void {
  const I = ints();
  const before = I[first + its.memberDown];
  const after = before + (down ? 1 : -1);
  for (let i = 0; i < count; i++) I[first + its.memberStride * i + its.memberDown] = after;
  const g = I[first + its.memberGroup];
  if (I[I[g + its.groupChannel] + its.channelOrdered] === 0) {
    if (!down) startSweep(g, I[g + its.groupSweep]);
  } else if (before === 0 || after === 0) {
    I[g + its.groupPaused] = I[g + its.groupPaused] + 1;
    startSweep(g, I[g + its.groupRebalance]);
  }
}

/** Starts a frame that goes through the lines of a group. */
function startSweep(g: i32, pc: i32): void {
  const k = newFrame(pc);
  const I = ints();
  I[k + 9] = g;
  I[k + 10] = 0;
  makeReady(k);
}
