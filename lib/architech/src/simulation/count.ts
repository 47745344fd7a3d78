import { meterField, meterStride } from "../engine/meter-places.js";

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

/** How many are inside what a meter measures. */
export function insideOf({ meters }: { readonly meters: Float64Array }, meter: number): number {
  const at = meter * meterStride;
  return meters[at + meterField.arrivals]! - meters[at + meterField.done]! - meters[at + meterField.errors]!;
}

/** Fields of a meter that are maxima. */
export const maxima: readonly number[] = [meterField.latencyMax, meterField.waitMax];
