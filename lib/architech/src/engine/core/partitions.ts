import * as its from "./channel-places.js";
import { mix } from "./hashing.js";
import { ints } from "./platform.js";

/** The partition of a key: of its hash, or by turns where there is no key (0). */
export function partitionOf(c: i32, key: i32): i32 {
  const I = ints();
  const partitions = I[c + its.channelPartitions];
  if (key > 0) return (mix(key) >>> 1) % partitions;
  const turn = I[c + its.channelTurn];
  I[c + its.channelTurn] = turn + 1 === partitions ? 0 : turn + 1;
  return turn;
}

/** One pause of a group is over: when it was the last, its lines are dealt out anew to the members that are up. */
export function rebalance(g: i32): void {
  const I = ints();
  I[g + its.groupPaused] = I[g + its.groupPaused] - 1;
  if (I[g + its.groupPaused] > 0) return;
  const members = I[g + its.groupMembers];
  const first = I[g + its.groupFirstMember];
  let up = 0;
  for (let i = 0; i < members; i++) if (I[first + its.memberStride * i + its.memberDown] === 0) up++;
  if (up > 0) deal(g);
}

/** Deals the lines of a group out to its members that are up, by turns. */
function deal(g: i32): void {
  const I = ints();
  const members = I[g + its.groupMembers];
  const first = I[g + its.groupFirstMember];
  for (let i = 0; i < members; i++) I[first + its.memberStride * i + its.memberLine] = -1;
  const lines = I[I[g + its.groupChannel] + its.channelPartitions];
  let turn = 0;
  for (let i = 0; i < lines; i++) {
    let m = first + its.memberStride * turn;
    while (I[m + its.memberDown] > 0) {
      turn = turn + 1 === members ? 0 : turn + 1;
      m = first + its.memberStride * turn;
    }
    turn = turn + 1 === members ? 0 : turn + 1;
    const line = I[g + its.groupFirstLine] + its.lineStride * i;
    const last = I[m + its.memberLine];
    I[line + its.lineMember] = m;
    // The lines of a member make a ring.
    if (last < 0) I[line + its.lineNext] = line;
    else {
      I[line + its.lineNext] = I[last + its.lineNext];
      I[last + its.lineNext] = line;
    }
    I[m + its.memberLine] = line;
  }
}
