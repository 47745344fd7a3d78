import { bucketBound } from "../engine/histogram.js";
import type { Layout } from "./layout.js";
import { HistogramPages, MergedHistogram, type PagesOf } from "./merged-histogram.js";
import type { HistogramRows } from "./task.js";
import type { Totals } from "./totals.js";

/** The latencies of each node, and of traffic, by bucket; empty buckets are left out. */
export function histogramRows(machine: PagesOf, layout: Layout, totals: Totals): HistogramRows {
  const node: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  const counts: number[] = [];
  const pages = new HistogramPages(machine);
  const merged = new MergedHistogram();
  for (const [index, { meters }] of [...layout.nodes, layout.traffic].entries()) {
    merged.fill(
      pages,
      totals,
      meters.map((meter) => 2 * meter),
    );
    for (let i = 0; i < merged.length; i++) {
      const bucket = merged.buckets[i]!;
      node.push(index);
      low.push(bucketBound(bucket));
      high.push(bucketBound(bucket + 1));
      counts.push(merged.counts[i]!);
    }
  }
  return {
    node: Uint16Array.from(node),
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    count: Float64Array.from(counts),
  };
}
