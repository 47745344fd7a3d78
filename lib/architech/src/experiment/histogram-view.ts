import { ArchitechError } from "@architech/protocol";
import { eachBucket } from "./bucket-table.js";
import { columnNumber } from "./summary-view.js";
import type { Row, ViewPart } from "./view.js";

/** Buckets of a node's latency, the counts of equal buckets added up over replications. */
export function histogramView(node: string, point: number | undefined): ViewPart {
  const buckets = new Map<number, { low: number; high: number; count: number }>();
  return {
    open(reader) {
      const names = reader.columns[columnNumber(reader, "node")]?.values ?? [];
      if (!names.includes(node))
        throw new ArchitechError("unknown-metric", `"${node}" is no node of this model: ${names.join(", ")}`, {
          path: [node],
        });
    },
    add({ columns }, reader) {
      const [points, , nodes] = columns;
      const wanted = (reader.columns[columnNumber(reader, "node")]?.values ?? []).indexOf(node);
      const changed = new Set<Row>();
      eachBucket(columns, (row, low, high, count) => {
        if (nodes?.[row] !== wanted || (point !== undefined && points?.[row] !== point)) return;
        let bucket = buckets.get(low);
        if (bucket === undefined) buckets.set(low, (bucket = { low, high, count: 0 }));
        bucket.count += count;
        changed.add(bucket);
      });
      return [...changed];
    },
    rows: () => [...buckets.values()].sort((a, b) => a.low - b.low).map((bucket) => ({ ...bucket })),
  };
}
