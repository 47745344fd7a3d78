import { ArchitechError } from "@architech/protocol";
import { columnNumber } from "./summary-view.js";
import type { FixedBatch, TableReader } from "./table-reader.js";
import type { Row, ViewPart } from "./view.js";

/** Metrics that the series has, by the column they are read from. Counts become rates: `perSecond`. */
const measures: Readonly<Record<string, { readonly column: string; readonly perSecond?: true }>> = {
  arrivals: { column: "arrivals", perSecond: true },
  rate: { column: "completions", perSecond: true },
  errors: { column: "errors", perSecond: true },
  "latency.p50": { column: "latency.p50" },
  "latency.p95": { column: "latency.p95" },
  "latency.p99": { column: "latency.p99" },
  depth: { column: "depth" },
  "depth.mean": { column: "depth" },
  util: { column: "util" },
  replicas: { column: "replicas" },
  cost: { column: "cost" },
  "moved.ratio": { column: "moved.ratio" },
};

interface Watched {
  readonly metric: string;
  readonly node: string;
  readonly measure: { readonly column: string; readonly perSecond?: true };
}

/** What a metric's name says to the series: its node and measure. Throws `unknown-metric`. */
export function watched(metric: string): Watched {
  const dot = metric.indexOf(".");
  const name = metric.slice(dot + 1);
  const measure = dot > 0 && Object.hasOwn(measures, name) ? measures[name] : undefined;
  if (measure === undefined)
    throw new ArchitechError(
      "unknown-metric",
      `"${metric}" has no series; what can be watched of a node is ${Object.keys(measures).join(", ")}`,
      { path: [metric] },
    );
  return { metric, node: metric.slice(0, dot), measure };
}

/** Rows of one run over time: `t` at the end of each interval, and each watched metric in it. */
export function seriesView(metrics: readonly string[], point: number): ViewPart {
  const wanted = metrics.map(watched);
  const rows: Row[] = [];
  let open: { t: number; values: Record<string, number> } | undefined;
  let every = 1;
  const close = (): Row[] => {
    if (open === undefined) return [];
    const row = { t: open.t, ...open.values };
    open = undefined;
    rows.push(row);
    return [row];
  };
  return {
    open(reader) {
      const nodes = reader.columns[columnNumber(reader, "node")]?.values ?? [];
      for (const { metric, node } of wanted)
        if (!nodes.includes(node))
          throw new ArchitechError("unknown-metric", `"${metric}" is of no node of this model: ${nodes.join(", ")}`, {
            path: [metric],
          });
      every = Number(reader.metadata.get("every") ?? 1);
    },
    add(batch: FixedBatch, reader: TableReader) {
      const [points, replications, ts, nodes] = batch.columns;
      const names = reader.columns[columnNumber(reader, "node")]?.values ?? [];
      const sources = wanted.map(({ metric, node, measure }) => ({
        metric,
        node: names.indexOf(node),
        column: batch.columns[columnNumber(reader, measure.column)],
        scale: measure.perSecond === true ? 1 / every : 1,
      }));
      const added: Row[] = [];
      for (let i = 0; i < batch.rows; i++) {
        if (points?.[i] !== point || replications?.[i] !== 0) continue;
        const t = ts?.[i] ?? NaN;
        if (open !== undefined && open.t !== t) added.push(...close());
        open ??= { t, values: Object.fromEntries(metrics.map((metric) => [metric, NaN])) };
        for (const { metric, node, column, scale } of sources)
          if (nodes?.[i] === node) open.values[metric] = (column?.[i] ?? NaN) * scale;
      }
      // Batches end with whole intervals.
      added.push(...close());
      return added;
    },
    rows: () => rows.slice(),
  };
}
