import { ArchitechError } from "@architech/protocol";
import type { ColumnData } from "./record-batch.js";
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

/**
 * Rows of one run over time: `t` at the end of each interval, and each watched metric in it. Several intervals that came
 * as one are two rows, so that a line through them is as high and as low as it was: the least of each metric in the
 * middle of that time, and the greatest at its end.
 */
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
    addThinned(batch, reader) {
      const column = (name: string): ColumnData => batch.columns[columnNumber(reader, name)]!;
      const names = reader.columns[columnNumber(reader, "node")]?.values ?? [];
      const [points, replications, froms, ts, nodes] = ["point", "replication", "from", "t", "node"].map(column);
      const added: Row[] = [];
      let open: { t: number; least: Record<string, number>; greatest: Record<string, number> } | undefined;
      for (let i = 0; i < batch.rows; i++) {
        if (points![i] !== point || replications![i] !== 0) continue;
        const [from, t] = [froms![i]!, ts![i]!];
        if (open?.t !== t) {
          const nothing = Object.fromEntries(metrics.map((metric) => [metric, NaN]));
          open = { t, least: { t: (from + t) / 2, ...nothing }, greatest: { t, ...nothing } };
          added.push(open.least as Row, open.greatest as Row);
        }
        for (const { metric, node, measure } of wanted) {
          if (nodes![i] !== names.indexOf(node)) continue;
          const scale = measure.perSecond === true ? 1 / every : 1;
          open.least[metric] = column(`${measure.column}.min`)[i]! * scale;
          open.greatest[metric] = column(`${measure.column}.max`)[i]! * scale;
        }
      }
      rows.push(...added);
      return added;
    },
    rows: () => rows.slice(),
  };
}
