import { meterField, meterStride } from "../engine/meter-places.js";
import { type Count, insideOf, maxima } from "./count.js";

/** What was counted over a stretch of simulated time: the difference of two counts of the machine. */
export class Totals {
  readonly fromMs: number;
  readonly toMs: number;
  /** As the machine's meters, but `insideArea` is the integral over the stretch, and the maxima are of the stretch. */
  readonly meters: Float64Array;
  /** Integrals over the stretch. */
  readonly gauges: Float64Array;
  /** The most that waited at once. */
  readonly depthMax: Float64Array;
  readonly counters: Float64Array;
  readonly timeouts: number;
  /** Counts of histograms by page of the machine. */
  readonly pages: Float64Array;

  /** From a count to the last of those that followed it; `since`: all of them, since each knows only its own maxima. */
  constructor(before: Count, since: readonly Count[]) {
    const last = since.at(-1)!;
    this.fromMs = before.atMs;
    this.toMs = last.atMs;
    this.meters = difference(last.meters, before.meters);
    for (let at = 0; at < this.meters.length; at += meterStride) {
      this.meters[at + meterField.insideArea]! +=
        insideOf(last, at / meterStride) * last.atMs - insideOf(before, at / meterStride) * before.atMs;
      for (const field of maxima) this.meters[at + field] = most(since, ({ meters }) => meters[at + field]!);
    }
    this.gauges = difference(last.gauges, before.gauges);
    for (let i = 0; i < this.gauges.length; i++)
      this.gauges[i]! += last.gaugeCounts[i]! * last.atMs - before.gaugeCounts[i]! * before.atMs;
    this.counters = difference(last.counters, before.counters);
    this.depthMax = new Float64Array(last.depths.length / 2);
    for (let i = 0; i < this.depthMax.length; i++) this.depthMax[i] = most(since, ({ depths }) => depths[2 * i + 1]!);
    this.timeouts = last.timeouts - before.timeouts;
    this.pages = difference(last.pages, before.pages);
  }

  get durationMs(): number {
    return this.toMs - this.fromMs;
  }
}

/** What was added since; pages may have been added, which began with nothing. */
function difference(last: Float64Array, before: Float64Array): Float64Array {
  const added = last.slice();
  for (let i = 0; i < before.length; i++) added[i]! -= before[i]!;
  return added;
}

function most(counts: readonly Count[], of: (count: Count) => number): number {
  let max = 0;
  for (const count of counts) max = Math.max(max, of(count));
  return max;
}
