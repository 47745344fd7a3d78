import { pageSize } from "../engine/histogram.js";
import type { Machine } from "../engine/machine.js";
import type { MachineState } from "../engine/machine-state.js";
import { meterField, meterStride } from "../engine/meter-places.js";

/** Ints of a page: its histogram, its place there, its counts. */
export const pageInts: number = 2 + pageSize;

/** What a part has counted: sums since the start, maxima and pages of histograms since it was last asked. */
export interface PartState
  extends Pick<
    MachineState,
    "meters" | "gauges" | "gaugeCounts" | "depths" | "counters" | "stations" | "beside" | "timeouts"
  > {
  /** `pageInts` for each page that was touched. */
  readonly pages: Int32Array;
}

/** How far a part is. */
export interface PartCheckpoint {
  /** Of its machine. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Everything else. */
  readonly notes: Float64Array<ArrayBuffer>;
}

/** Takes what a machine has counted; its maxima and its histograms begin anew. Stations only where something scales. */
export function takeState(machine: Machine): PartState {
  const state = {
    meters: machine.meters.slice(),
    gauges: machine.gauges.slice(),
    gaugeCounts: machine.gaugeCounts.slice(),
    depths: machine.depths.slice(),
    counters: machine.counters.slice(),
    stations: machine.beside.length > 0 ? machine.stations.slice() : new Int32Array(0),
    beside: machine.beside.slice(),
    pages: takePages(machine),
    timeouts: machine.timeouts,
  };
  const { meters, depths } = machine;
  for (let at = 0; at < meters.length; at += meterStride) {
    meters[at + meterField.latencyMax] = 0;
    meters[at + meterField.waitMax] = 0;
  }
  for (let at = 0; at < depths.length; at += 2) depths[at + 1] = depths[at]!;
  return state;
}

function takePages(machine: Machine): Int32Array {
  const { touched, pageCounts, pageInfo } = machine;
  const taken: number[] = [];
  for (let histogram = 0; histogram < touched.length; histogram++) {
    for (let page = touched[histogram]!; page >= 0; page = pageInfo[4 * page + 3]!) taken.push(page);
    touched[histogram] = -1;
  }
  const pages = new Int32Array(taken.length * pageInts);
  taken.forEach((page, i) => {
    const counts = pageCounts.subarray(page * pageSize, (page + 1) * pageSize);
    pages[i * pageInts] = pageInfo[4 * page]!;
    pages[i * pageInts + 1] = pageInfo[4 * page + 1]!;
    pages.set(counts, i * pageInts + 2);
    counts.fill(0);
  });
  machine.nextEpoch();
  return pages;
}
