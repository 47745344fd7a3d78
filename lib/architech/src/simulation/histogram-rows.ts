import { bucketBound } from "../engine/histogram.js";
import type { Machine } from "../engine/machine.js";
import type { Layout } from "./layout.js";
import type { HistogramRows } from "./task.js";
import { MergedHistogram, type Totals } from "./totals.js";

/** The latencies of each node, and of traffic, by bucket; empty buckets are left out. */
export function histogramRows(machine: Machine, layout: Layout, totals: Totals): HistogramRows {
  const node: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  const counts: number[] = [];
  const merged = new MergedHistogram();
  [...layout.nodes, layout.traffic].forEach(({ meters }, index) => {
    merged.fill(
      machine,
      totals,
      meters.map((meter) => 2 * meter),
    );
    for (let bucket = merged.from; bucket < merged.to; bucket++) {
      const count = merged.buckets[bucket]!;
      if (count === 0) continue;
      node.push(index);
      low.push(bucketBound(bucket));
      high.push(bucketBound(bucket + 1));
      counts.push(count);
    }
  });
  return {
    node: Uint16Array.from(node),
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    count: Float64Array.from(counts),
  };
}
