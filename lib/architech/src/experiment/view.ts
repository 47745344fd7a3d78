import { frameBody, isSchemaFrame, readFrameHeader, tableNumbers } from "@architech/protocol";
import { histogramView } from "./histogram-view.js";
import { seriesView } from "./series-view.js";
import { comparisonView, summaryView } from "./summary-view.js";
import { type FixedBatch, TableReader } from "./table-reader.js";

/** One row that a person plots. */
export type Row = Readonly<Record<string, number | string>>;

/** Which rows are made of a run's frames: plain data, so that a chart can carry it. */
export type ViewSpec =
  /** One row for each point: its keys, and of each metric the mean, `<metric>.low`, `<metric>.high`; `runs` behind them. */
  | {
      readonly of: "summary";
      readonly keys: readonly string[];
      readonly metrics: readonly string[];
      readonly confidence: number;
    }
  /** One row for each scenario: `scenario`, `mean`, `low`, `high`, `runs`. */
  | { readonly of: "comparison"; readonly metric: string; readonly confidence: number }
  /** One row for each interval of the first replication of a point (default the first): `t` in seconds and the metrics. */
  | { readonly of: "series"; readonly columns: readonly string[]; readonly point?: number }
  /** Latency of a node in buckets, all replications of a point (default: of all points) together: `low`, `high` in ms and `count`. */
  | { readonly of: "histogram"; readonly node: string; readonly point?: number };

/** Rows derived from frames, as far as frames have come. */
export interface View {
  /** Takes a frame (with its header) and returns the rows that are new or changed. Frames of other tables change nothing. */
  add(frame: Uint8Array): readonly Row[];
  /** All rows so far, in the order of points or of time. */
  rows(): readonly Row[];
}

/** What a view does with the batches of its table. */
export interface ViewPart {
  open(reader: TableReader): void;
  add(batch: FixedBatch, reader: TableReader): readonly Row[];
  /** Takes rows of the series that stand for several intervals each. */
  addThinned?(batch: FixedBatch, reader: TableReader): readonly Row[];
  rows(): readonly Row[];
}

const viewTables = {
  summary: tableNumbers.summary,
  comparison: tableNumbers.summary,
  series: tableNumbers.series,
  histogram: tableNumbers.histogram,
} as const;

/** A view after its specification. Throws `unknown-metric` when the table that it reads has no such column. */
export function view(spec: ViewSpec): View {
  const table: number = viewTables[spec.of];
  const part = partOf(spec);
  let reader: TableReader | undefined;
  let thinned: TableReader | undefined;
  return {
    add(frame) {
      const header = readFrameHeader(frame);
      if (header.table === tableNumbers.thinned && part.addThinned !== undefined) {
        if (!isSchemaFrame(header) && thinned !== undefined)
          return part.addThinned(thinned.read(frameBody(frame)), thinned);
        thinned ??= new TableReader(frameBody(frame));
        return [];
      }
      if (header.table !== table) return [];
      if (isSchemaFrame(header)) {
        if (reader === undefined) part.open((reader = new TableReader(frameBody(frame))));
        return [];
      }
      return reader === undefined ? [] : part.add(reader.read(frameBody(frame)), reader);
    },
    rows: () => part.rows(),
  };
}

function partOf(spec: ViewSpec): ViewPart {
  switch (spec.of) {
    case "summary":
      return summaryView(spec.keys, spec.metrics, spec.confidence);
    case "comparison":
      return comparisonView(spec.metric, spec.confidence);
    case "series":
      return seriesView(spec.columns, spec.point ?? 0);
    case "histogram":
      return histogramView(spec.node, spec.point);
  }
}
