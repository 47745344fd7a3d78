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
  let changed = false;
  for (let i = 0; i < count; i++) {
    const place = first + its.memberStride * i + its.memberDown;
    if (I[place] === (down ? 0 : 1)) changed = true;
    I[place] = I[place] + (down ? 1 : -1);
  }
  const g = I[first + its.memberGroup];
  if (I[I[g + its.groupChannel] + its.channelOrdered] === 0) {
    if (!down) startSweep(g, I[g + its.groupSweep]);
  } else if (changed) {
    I[g + its.groupPaused] = I[g + its.groupPaused] + 1;
    startSweep(g, I[g + its.groupRebalance]);
  }
}

/** A member of this group may have more servers than before: all of them look for messages. */
export function wakeMembers(member: i32): void {
  const I = ints();
  const g = I[member + its.memberGroup];
  startSweep(g, I[g + its.groupSweep]);
}

/** Starts a frame that goes through the lines of a group. */
function startSweep(g: i32, pc: i32): void {
  const k = newFrame(pc);
  const I = ints();
  I[k + 9] = g;
  I[k + 10] = 0;
  makeReady(k);
}
