import { bucketCount, pageSize } from "../engine/histogram.js";
import type { Machine } from "../engine/machine.js";
import { meterField, meterStride } from "../engine/program.js";

/** What was counted over a stretch of simulated time: differences of the machine's sums between its two ends. */
export class Totals {
  fromMs = 0;
  toMs = 0;
  /** As the machine's meters, but `insideArea` is the integral over the stretch, and the maxima are of the stretch. */
  readonly meters: Float64Array;
  /** Integrals over the stretch. */
  readonly gauges: Float64Array;
  /** The most that waited at once. */
  readonly depthMax: Float64Array;
  readonly counters: Float64Array;
  timeouts = 0;
  /** Counts by page of the machine. */
  pages: Float64Array;

  constructor(machine: Machine) {
    this.meters = new Float64Array(machine.meters.length);
    this.gauges = new Float64Array(machine.gauges.length);
    this.depthMax = new Float64Array(machine.depths.length / 2);
    this.counters = new Float64Array(machine.counters.length);
    this.pages = new Float64Array(0);
  }

  get durationMs(): number {
    return this.toMs - this.fromMs;
  }

  /** Adds the counts of the stretch that follows. */
  add(next: Totals): void {
    this.toMs = next.toMs;
    this.timeouts += next.timeouts;
    for (let i = 0; i < this.meters.length; i++) {
      const field = i % meterStride;
      const isMax = field === meterField.latencyMax || field === meterField.waitMax;
      this.meters[i] = isMax ? Math.max(this.meters[i]!, next.meters[i]!) : this.meters[i]! + next.meters[i]!;
    }
    addAll(this.gauges, next.gauges);
    addAll(this.counters, next.counters);
    next.depthMax.forEach((max, i) => {
      this.depthMax[i] = Math.max(this.depthMax[i]!, max);
    });
    this.addPages(next.pages);
  }

  /** Adds counts by page; a longer list makes room first. */
  addPages(pages: Float64Array): void {
    this.ensurePages(pages.length);
    addAll(this.pages, pages);
  }

  /** Makes room for this many counts. */
  ensurePages(length: number): void {
    if (length <= this.pages.length) return;
    const grown = new Float64Array(length);
    grown.set(this.pages);
    this.pages = grown;
  }
}

/** The counts of some histograms together, by bucket. */
export class MergedHistogram {
  readonly buckets: Float64Array = new Float64Array(bucketCount);
  count = 0;
  /** Only buckets between these can hold anything. */
  from = 0;
  to = 0;

  fill(machine: Machine, totals: Totals, histograms: readonly number[]): void {
    const { buckets } = this;
    buckets.fill(0, this.from, this.to);
    let [count, from, to] = [0, bucketCount, 0];
    for (const histogram of histograms) {
      for (let place = 0; place < bucketCount / pageSize; place++) {
        const page = machine.pageTable[histogram * (bucketCount / pageSize) + place]!;
        if (page < 0 || page * pageSize >= totals.pages.length) continue;
        const first = place * pageSize;
        if (first < from) from = first;
        if (first + pageSize > to) to = first + pageSize;
        for (let i = 0; i < pageSize; i++) {
          const n = totals.pages[page * pageSize + i]!;
          buckets[first + i] = buckets[first + i]! + n;
          count += n;
        }
      }
    }
    this.count = count;
    this.from = Math.min(from, to);
    this.to = to;
  }
}

function addAll(into: Float64Array, from: Float64Array): void {
  for (let i = 0; i < from.length; i++) into[i] = into[i]! + from[i]!;
}
