import type { Progress, RequestBounds, RequestParts, RunParts } from "@architech/protocol";
import type { Table } from "apache-arrow";
import type { AnyMetric, JudgedMetric, JudgedMetrics, Metric } from "../model/metric-name.js";
import type { Nodes } from "../model/scenario.js";
import type { Load } from "../model/traffic.js";
import type { Duration } from "../units/duration.js";
import type { Confidence } from "./interval.js";
import type { LiveRows } from "./live-rows.js";
import type { Estimate } from "./outcome.js";
import type { StreamSource } from "./stream-source.js";

/** How a model is simulated, and how long. */
export interface RunOptions<N extends Nodes = Nodes, L extends Load = Load> {
  /** Simulated time. */
  readonly until: Duration;
  /** Left out of the estimates at the start. Default "auto": found by MSER-5. */
  readonly warmup?: Duration | "auto";
  /** Replications of each point; with `halfWidth`, at most so many. Default 5, in a comparison 10, with `halfWidth` 200. */
  readonly runs?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Interval of the series. Default: a round one that makes 100 to 250 of them. */
  readonly every?: Duration;
  /** How sure the intervals are. Default 0.95. */
  readonly confidence?: 0.9 | 0.95 | 0.99;
  /** Replicate until the interval of `metric` is this narrow at every point: "2%" is ± 2 % of the mean. */
  readonly halfWidth?: `${number}%`;
  readonly metric?: Metric<N, L>;
  /** Series of every replication (true) or of none (false). Default: of the first replication of each point. */
  readonly series?: boolean;
  /** Whether rows that are known already will do. Default true. */
  readonly cache?: boolean;
  /** Where a task stops with what it has, and says so. */
  readonly bounds?: RequestBounds;
  /** Worker threads, where the run is in this process. Default: one for each processor. 0 works in this thread. */
  readonly workers?: number;
  /**
   * Parts of the model that are simulated beside each other in threads of their own: at most so many, or where there are
   * fewer tasks than threads and it is expected to pay ("auto", the default). `{ most: 2, across: "workers" }` gives each
   * part to a worker of its own, where the run is in a cluster. No number of the results depends on it.
   */
  readonly parts?: RequestParts;
  /**
   * How it is simulated: event after event ("events", the default), or request after request ("recursion") where
   * requests never overtake each other before a line, else `not-a-recursion` is thrown. Both draw the same, so the numbers
   * agree but for their last places.
   */
  readonly method?: "events" | "recursion";
  /**
   * What a recursion is worked on with: processors ("cpu", the default), or a GPU by WebGPU, which npm's `webgpu` must be
   * installed for. A GPU calculates in 32 bits: see "Sweeps on a GPU" in the guide for what agrees, and how far.
   */
  readonly device?: "cpu" | "gpu";
}

/** Something that was started: await it for what it gives. */
export interface Started<Outcome> extends PromiseLike<Outcome> {
  /** Identifier of the run. */
  readonly id: string;
  /** The run's stream, for charts and for readers of Arrow. */
  readonly source: StreamSource;
  /** Stops the run; awaiting it then rejects with `run-cancelled`. */
  cancel(): void;
  /** Calls the listener with each report of progress; returns what stops that. */
  onProgress(listener: (progress: Progress) => void): () => void;
}

/** A row over time: `t` in seconds, and the metrics asked for. */
export type SeriesRow<M extends string> = { readonly [K in M | "t"]: number };

/** A run that was started. */
export interface Run<N extends Nodes, L extends Load> extends Started<RunResult<N, L>> {
  /** Rows over time of the first replication, interval by interval. */
  watch<const M extends readonly string[] = readonly AnyMetric[]>(
    ...metrics: JudgedMetrics<N, L, M>
  ): LiveRows<SeriesRow<M[number]>>;
}

/** What everything finished tells. */
interface Finished {
  readonly id: string;
  readonly seed: number;
  /** Replications of each point. */
  readonly runs: number;
  /** Nodes whose backlog was still growing at the end: their means do not converge. */
  readonly saturated: readonly string[];
  /** What must be known beside the numbers, one sentence each. */
  readonly warnings: readonly string[];
  /** Whether the tasks were simulated in parts that run beside each other, and why. */
  readonly parts: RunParts;
  /** One row for each point and replication, as an Arrow table. */
  readonly summary: Table;
  toString(): string;
  toJSON(): unknown;
}

/** What a run gave: estimates over its replications. */
export interface RunResult<N extends Nodes, L extends Load> extends Finished {
  readonly metrics: readonly Metric<N, L>[];
  /** Mean of a metric over the replications, with its interval. */
  estimate<const M extends string = AnyMetric>(metric: M & JudgedMetric<N, L, M>): Estimate;
  /** The values behind an estimate, one for each replication. */
  values<const M extends string = AnyMetric>(metric: M & JudgedMetric<N, L, M>): readonly number[];
  /** The intervals of the first replication, as an Arrow table. */
  series(): Promise<Table>;
  /** Latency by node in logarithmic buckets, as an Arrow table. */
  histogram(): Promise<Table>;
  /** The estimates as a table of text: those named, or else those that people ask for first. */
  table<const M extends readonly string[] = readonly AnyMetric[]>(...metrics: JudgedMetrics<N, L, M>): string;
}

/** One point of a sweep: a value for each axis. */
export type Point = Readonly<Record<string, number | string>>;

/** The axes of a sweep, and the values that each takes. */
export type Grid<X extends Point> = { readonly [K in keyof X]: readonly X[K][] };

/** A row of a sweep: the point, and of each metric the mean and its interval. */
export type SweepRow<X extends Point, M extends string> = X & {
  readonly [K in M | `${M}.low` | `${M}.high` | "runs"]: number;
};

/** A sweep that was started. Its own rows have every metric; `watch` picks some. */
export interface Sweep<N extends Nodes, L extends Load, X extends Point>
  extends Started<SweepResult<N, L, X>>,
    LiveRows<SweepRow<X, Metric<N, L>>> {
  readonly source: StreamSource;
  /** One row for each point, sharpening with every replication. */
  watch<const M extends readonly string[] = readonly AnyMetric[]>(
    ...metrics: JudgedMetrics<N, L, M>
  ): LiveRows<SweepRow<X, M[number]>>;
}

/** One point of a finished sweep. */
export interface SweepPoint<N extends Nodes, L extends Load, X extends Point> {
  readonly key: X;
  readonly saturated: readonly string[];
  estimate<const M extends string = AnyMetric>(metric: M & JudgedMetric<N, L, M>): Estimate;
}

/** What a sweep gave: a row for each point. */
export interface SweepResult<N extends Nodes, L extends Load, X extends Point>
  extends Finished,
    Iterable<SweepRow<X, Metric<N, L>>> {
  readonly metrics: readonly Metric<N, L>[];
  readonly points: readonly SweepPoint<N, L, X>[];
  readonly rows: readonly SweepRow<X, Metric<N, L>>[];
  /** The point whose keys have these values. */
  at(key: Partial<X>): SweepPoint<N, L, X> | undefined;
  series(): Promise<Table>;
  histogram(): Promise<Table>;
  /** The points as a table of text, with the metrics named or else latency and throughput of the traffic. */
  table<const M extends readonly string[] = readonly AnyMetric[]>(...metrics: JudgedMetrics<N, L, M>): string;
}

/** A scenario's row in a comparison: its estimate of the metric. */
export interface ScenarioRow<S extends string = string> {
  readonly scenario: S;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly runs: number;
}

/** A comparison that was started. Its rows are the scenarios. */
export interface Comparison<S extends string> extends Started<CompareResult<S>>, LiveRows<ScenarioRow<S>> {
  readonly source: StreamSource;
}

/** What a comparison gave: a verdict, and each scenario's estimate. */
export interface CompareResult<S extends string> extends Finished, Iterable<ScenarioRow<S>> {
  readonly metric: string;
  readonly confidence: Confidence;
  /** The scenario that is better than every other, or "undecided". */
  readonly best: S | "undecided";
  /** By how much the best is better than the next best. */
  readonly difference: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly unit: string;
    readonly than: S;
  };
  /** The verdict in a sentence. */
  readonly verdict: string;
  readonly rows: readonly ScenarioRow<S>[];
}
