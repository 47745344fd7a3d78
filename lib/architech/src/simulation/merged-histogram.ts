import { bucketBound, bucketCount, pageSize } from "../engine/histogram.js";
import type { MachineState } from "../engine/machine-state.js";
import type { Totals } from "./totals.js";

/** A page of a histogram and its place in it, as one number: so they sort by their places. */
const pagesPerPlace = 2 ** 26;

/** What is read of a machine. */
export type PagesOf = Pick<MachineState, "pageInfo" | "pages" | "touched">;

/** The pages that each of the machine's histograms has. */
export class HistogramPages {
  readonly #of: number[][];

  constructor({ pageInfo, pages, touched }: PagesOf) {
    this.#of = Array.from({ length: touched.length }, () => []);
    for (let page = 0; page < pages; page++)
      this.#of[pageInfo[4 * page]!]!.push(pageInfo[4 * page + 1]! * pagesPerPlace + page);
  }

  /** The pages of these histograms in the order of their places. */
  of(histograms: readonly number[]): readonly number[] {
    const [first = -1, ...others] = histograms;
    const pages = others.length === 0 ? (this.#of[first] ?? []) : histograms.flatMap((each) => this.#of[each]!);
    return pages.sort((a, b) => a - b);
  }
}

/** Some of the machine's histograms added up over the measured time. */
export class MergedHistogram {
  count = 0;
  /** How many buckets hold something; which ones, in order; and what they hold. */
  length = 0;
  buckets: Int32Array = new Int32Array(0);
  counts: Float64Array = new Float64Array(0);

  /** Holds these histograms from now on. */
  fill(pages: HistogramPages, totals: Totals, histograms: readonly number[]): void {
    this.count = 0;
    this.length = 0;
    const found = pages.of(histograms);
    this.#makeRoom(found.length * pageSize);
    for (let i = 0; i < found.length; ) {
      const place = Math.floor(found[i]! / pagesPerPlace);
      const end = (place + 1) * pagesPerPlace;
      const first = i++;
      while (i < found.length && found[i]! < end) i++;
      if (i === first + 1) this.#take(place, totals.pages, (found[first]! % pagesPerPlace) * pageSize);
      else this.#take(place, sumOf(found.slice(first, i), totals.pages), 0);
    }
  }

  /** The quantile `q`: the place of the ceil(q n)-th value, by straight line within its bucket; NaN when there is nothing. */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    const { buckets, counts, length } = this;
    const rank = q * this.count;
    let below = 0;
    for (let i = 0; i < length; i++) {
      const count = counts[i]!;
      if (below + count >= rank) {
        const low = bucketBound(buckets[i]!);
        return low + ((bucketBound(buckets[i]! + 1) - low) * (rank - below)) / count;
      }
      below += count;
    }
    return bucketBound(bucketCount);
  }

  #makeRoom(length: number): void {
    if (length <= this.buckets.length) return;
    this.buckets = new Int32Array(length);
    this.counts = new Float64Array(length);
  }

  /** Takes in 32 counts, which stand from a place on. */
  #take(place: number, from: Float64Array, at: number): void {
    const { buckets, counts } = this;
    let total = 0;
    let { length } = this;
    const end = Math.min(pageSize, from.length - at);
    for (let i = 0; i < end; i++) {
      const count = from[at + i]!;
      if (count === 0) continue;
      total += count;
      buckets[length] = place * pageSize + i;
      counts[length++] = count;
    }
    this.length = length;
    this.count += total;
  }
}

/** The sum of pages that lie in one place. */
function sumOf(pages: readonly number[], counts: Float64Array): Float64Array {
  const sums = new Float64Array(pageSize);
  for (const page of pages) {
    const from = (page % pagesPerPlace) * pageSize;
    const end = Math.min(pageSize, counts.length - from);
    for (let i = 0; i < end; i++) sums[i] = sums[i]! + counts[from + i]!;
  }
  return sums;
}
