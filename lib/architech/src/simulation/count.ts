import { meterField, meterStride } from "../engine/meter-places.js";
import type { Notes } from "../engine/notes.js";

/** What a machine had counted at one moment: copies of its sums, in its own order. */
export interface Count {
  readonly atMs: number;
  /** The maxima among them are since the count before. */
  readonly meters: Float64Array;
  readonly gauges: Float64Array;
  readonly gaugeCounts: Int32Array;
  /** The maxima among them are since the count before. */
  readonly depths: Int32Array;
  readonly counters: Float64Array;
  readonly timeouts: number;
  /** Counts of histograms by page. */
  readonly pages: Float64Array;
}

const nothing: Count = {
  atMs: 0,
  meters: new Float64Array(0),
  gauges: new Float64Array(0),
  gaugeCounts: new Int32Array(0),
  depths: new Int32Array(0),
  counters: new Float64Array(0),
  timeouts: 0,
  pages: new Float64Array(0),
};

/** A count as it is written down, or read. */
export function keptCount(notes: Notes, count: Count = nothing): Count {
  return {
    atMs: notes.number(count.atMs),
    meters: notes.doubles(count.meters),
    gauges: notes.doubles(count.gauges),
    gaugeCounts: notes.ints(count.gaugeCounts),
    depths: notes.ints(count.depths),
    counters: notes.doubles(count.counters),
    timeouts: notes.number(count.timeouts),
    pages: notes.doubles(count.pages),
  };
}

/** How many are inside what a meter measures. */
export function insideOf({ meters }: { readonly meters: Float64Array }, meter: number): number {
  const at = meter * meterStride;
  return meters[at + meterField.arrivals]! - meters[at + meterField.done]! - meters[at + meterField.errors]!;
}

/** Fields of a meter that are maxima. */
export const maxima: readonly number[] = [meterField.latencyMax, meterField.waitMax];
