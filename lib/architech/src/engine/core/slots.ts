import { mix } from "./hashing.js";
import { float, floor, ints, whole } from "./platform.js";

// A database whose keys move from shard to shard moves them slot by slot. Its record (see `copies.ts`) goes on with the
// place of its slots (15: two ints each, the shard and whether its writes wait; 0 where nothing ever moves), how many
// (16), the place of the moves (17: three ints each, slot, the shard that it leaves, the one that it comes to), how many
// (18) and which is next (19), the station where writes wait (20, from that of all), whether they are refused instead
// (21), gauge of slots that have moved (22), of the copies that there are and of their connections (23 and the next), and
// connections of a copy (24).

/** The place of the slot of a key. */
export function slotAt(r: i32, key: i32): i32 {
  const I = ints();
  const slots = I[r + 16];
  let slot = 0;
  if (I[r + 3] === 0) slot = (mix(key) >>> 1) % slots;
  else if (key > 0) {
    slot = whole(floor((float(key - 1) * float(slots)) / float(I[r + 4])));
    if (slot >= slots) slot = slots - 1;
  }
  return I[r + 15] + 2 * slot;
}

/** The shard that a frame copies a slot from (2) or to (3): that of the move in the register of the frame that has started it. */
export function sideOf(r: i32, f: i32, what: i32): i32 {
  const I = ints();
  return I[I[r + 17] + 3 * I[I[f + 1] + 9] + what - 1];
}
