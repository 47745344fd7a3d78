import { bucketCount, pageSize, pagesEach, quantile } from "../engine/histogram.js";
import type { Machine } from "../engine/machine.js";
import type { Totals } from "./totals.js";

/** Some of the machine's histograms added up over the measured time. */
export class MergedHistogram {
  readonly buckets: Float64Array = new Float64Array(bucketCount);
  count = 0;
  /** Where buckets that hold anything begin and end. */
  from = 0;
  to = 0;

  /** Holds these histograms from now on. */
  fill(machine: Machine, totals: Totals, histograms: readonly number[]): void {
    const { buckets } = this;
    buckets.fill(0, this.from, this.to);
    let count = 0;
    let first = bucketCount;
    let last = 0;
    for (const histogram of histograms) {
      for (let place = 0; place < pagesEach; place++) {
        const page = machine.pageTable[histogram * pagesEach + place]!;
        if (page < 0 || page * pageSize >= totals.pages.length) continue;
        const from = place * pageSize;
        for (let i = 0; i < pageSize; i++) {
          const n = totals.pages[page * pageSize + i]!;
          if (n === 0) continue;
          buckets[from + i] = buckets[from + i]! + n;
          count += n;
        }
        if (from < first) first = from;
        if (from + pageSize > last) last = from + pageSize;
      }
    }
    this.count = count;
    this.from = Math.min(first, last);
    this.to = last;
  }

  /** The quantile `q`; NaN when there is nothing. */
  quantile(q: number): number {
    return quantile(this.buckets, this.count, q, this.from, this.to);
  }
}
