import { pageSize } from "../engine/histogram.js";
import type { Layout } from "./layout.js";
import { HistogramPages, MergedHistogram, type PagesOf } from "./merged-histogram.js";
import type { HistogramRows } from "./task.js";
import type { Totals } from "./totals.js";

/** Histograms of nothing. */
export const noHistogram: HistogramRows = {
  node: new Uint16Array(0),
  page: new Int32Array(0),
  counts: new Float32Array(0),
};

/** The latencies of each node, and of traffic, by pages of buckets; empty pages are left out. */
export function histogramRows(machine: PagesOf, layout: Layout, totals: Totals): HistogramRows {
  const rows = new PageRows();
  const pages = new HistogramPages(machine);
  const merged = new MergedHistogram();
  for (const [index, { meters }] of [...layout.nodes, layout.traffic].entries()) {
    merged.fill(
      pages,
      totals,
      meters.map((meter) => 2 * meter),
    );
    rows.add(index, merged);
  }
  return rows.taken();
}

/** Rows of pages, as they come. */
class PageRows {
  readonly #node: number[] = [];
  readonly #page: number[] = [];
  readonly #counts: number[] = [];

  /** Adds a node's histogram, whose buckets come in order. */
  add(node: number, { length, buckets, counts }: MergedHistogram): void {
    for (let i = 0; i < length; ) {
      const page = Math.floor(buckets[i]! / pageSize);
      const first = page * pageSize;
      const rest = new Float64Array(pageSize);
      for (; i < length && buckets[i]! < first + pageSize; i++) rest[buckets[i]! - first] = counts[i]!;
      while (rest.some((count) => count !== 0)) {
        this.#node.push(node);
        this.#page.push(page);
        for (let k = 0; k < pageSize; k++) {
          const most = Math.fround(rest[k]!);
          this.#counts.push(most);
          rest[k]! -= most;
        }
      }
    }
  }

  taken(): HistogramRows {
    return {
      node: Uint16Array.from(this.#node),
      page: Int32Array.from(this.#page),
      counts: Float32Array.from(this.#counts),
    };
  }
}
