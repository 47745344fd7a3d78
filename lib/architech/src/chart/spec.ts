import type { Row, ViewSpec } from "../experiment/view.js";
import type { MarkName } from "./mark-names.js";

/** A chart as plain data: marks over numbered sources of rows, and options. What a notebook keeps. */
export interface ChartSpec {
  readonly marks: readonly MarkSpec[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** One mark. Its rows are those of a source, or data of its own, or none (a frame, a grid). */
export interface MarkSpec {
  readonly mark: MarkName;
  readonly source?: number;
  readonly data?: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where a chart's rows come from: the view of a run; `rows` once they are kept. */
export interface ChartSource {
  readonly run: string;
  readonly view: ViewSpec;
  readonly rows?: readonly Row[];
}

/** Whether rows still come. */
export type ChartState = "live" | "done" | "failed" | "cancelled";

/** What stands in a notebook under `chartMime`. */
export interface ChartDocument {
  readonly version: 1;
  readonly spec: ChartSpec;
  readonly sources: readonly ChartSource[];
  readonly state: ChartState;
  /** The runs may not have reached their server yet: the chart is shown again when they have. */
  readonly starting?: true;
  /** Why a chart has failed. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** Mime type of a chart. */
export const chartMime = "application/vnd.architech.chart.v1+json";

/** Name of the comm over which a kernel sends a run's frames to a front end that has no server of ours. */
export const streamTarget = "architech.stream";
