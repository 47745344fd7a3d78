import * as at from "./addresses.js";
import { float, floats, ints } from "./platform.js";

// Where something scales, four ints stand beside each station, apart from its own, which every model needs: the record
// of its node, what stands there (0 nothing, 1 a replica that starts, 2 one that is ready, 3 one that only finishes
// what it holds), counter of requests that ended there, gauge of busy cores or -1.

/** The four ints beside a station. */
export function beside(s: i32): i32 {
  const I = ints();
  return I[at.replicas] + ((s - I[at.stations]) >> 2);
}

/** So many more of what a gauge counts. */
export function count(gauge: i32, by: i32): void {
  const I = ints();
  const D = floats();
  const value = I[at.gauges] + gauge;
  D[value] = D[value] - float(by) * D[at.now];
  I[I[at.gaugeCounts] + gauge] = I[I[at.gaugeCounts] + gauge] + by;
}

/** So many more cores of a station are busy, where somebody asks how many of a single replica are. */
export function countBusy(s: i32, by: i32): void {
  const I = ints();
  if (I[at.replicas] === 0) return;
  const gauge = I[beside(s) + 3];
  if (gauge >= 0) count(gauge, by);
}

/** Requests that a station works on or lets wait. */
export function insideOf(s: i32): i32 {
  const I = ints();
  const inside = I[s + 7] - I[s] + I[s + 3];
  return I[s + 4] > 0 ? inside - 0x40000000 : inside;
}
