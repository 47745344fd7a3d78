import type { ArchitechError, RunParts } from "@architech/protocol";
import type { ModelDocument } from "../model/document.js";

/** One replication of one point: a pure function of exactly these values. */
export interface Task {
  readonly model: ModelDocument;
  readonly options: TaskOptions;
  readonly seed: number;
  /** Number of the replication, from 0. */
  readonly replication: number;
}

/** What names the random streams of a task. */
export function keyOf({ seed, replication }: Task): string {
  return `${seed}/${replication}`;
}

export interface TaskOptions {
  readonly untilMs: number;
  /** Observations before this are left out of the summary; "auto" finds it by MSER-5. */
  readonly warmupMs: number | "auto";
  /** Interval of the series. */
  readonly everyMs: number;
  readonly bounds: Bounds;
  /** Request after request instead of event after event; left out for events. */
  readonly method?: "recursion";
  /** Where requests are worked on beside each other; left out for processors. */
  readonly device?: "gpu";
}

/** Where a run stops with what it has, and says why. */
export interface Bounds {
  readonly maxEvents: number;
  readonly maxWallMs: number;
  /** Requests and messages inside the system at once. */
  readonly maxInside: number;
}

/** Rows of one node (or "traffic") and interval, as columns of equal length. NaN where nothing was observed. */
export interface SeriesRows {
  /** Index into `nodes` of the simulation. */
  readonly node: Uint16Array;
  /** End of the interval, in seconds of simulated time. */
  readonly t: Float64Array;
  readonly arrivals: Float64Array;
  readonly completions: Float64Array;
  readonly errors: Float64Array;
  readonly latencyP50: Float64Array;
  readonly latencyP95: Float64Array;
  readonly latencyP99: Float64Array;
  /** Time average over the interval. */
  readonly depth: Float64Array;
  readonly util: Float64Array;
  readonly replicas: Float64Array;
  /** Per hour. */
  readonly cost: Float64Array;
  /** Of a database whose keys move: share of the slots that are to move which have, time average over the interval. */
  readonly moved: Float64Array;
}

/**
 * Histograms of latency by pages of buckets, see engine/histogram.ts: mergeable by adding counts of equal buckets. What a
 * page counts is the sum of its rows: a float32 is exact where a count has few digits, and another row has the rest.
 */
export interface HistogramRows {
  readonly node: Uint16Array;
  readonly page: Int32Array;
  /** Of each row as many counts as a page has buckets. */
  readonly counts: Float32Array;
}

export interface TaskResult {
  /** Values of the metrics, in the order of `metricsOf(model)`; NaN where nothing was observed. */
  readonly summary: Float64Array;
  /** The value of one of them, without working out the others. */
  value(metric: number): number;
  readonly histogram: HistogramRows;
  readonly warmupMs: number;
  /** Simulated time reached: less than `untilMs` when a bound stopped the task. */
  readonly reachedMs: number;
  readonly events: number;
  /** Nodes whose backlog was still growing at the end. */
  readonly saturated: readonly string[];
  /** Requests and messages still inside at the end. */
  readonly inside: number;
  readonly stopped?: { readonly bound: keyof Bounds; readonly message: string };
  /** What a custom step has ended the task with. */
  readonly failure?: ArchitechError;
}

/** How far a task is. From there it goes on in any process of the same engine, and gives what it would have given. */
export interface TaskCheckpoint {
  /** Of the machine. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Everything else. */
  readonly notes: Float64Array<ArrayBuffer>;
  /** In how many parts it is; 1 of one that was in parts, and begun anew as one. Left out of all others. */
  readonly parts?: number;
}

/**
 * One task under way, advanced in slices so that its caller can report, yield and cancel.
 * `advance` simulates up to the given simulated time (or until about `sliceMs` of wall time has passed)
 * and returns the rows of the intervals that it closed. Slicing never changes what is computed.
 */
export interface Simulation {
  /** Names that `node` columns index: the model's nodes in order, then "traffic". */
  readonly nodes: readonly string[];
  readonly nowMs: number;
  readonly done: boolean;
  advance(untilMs: number, sliceMs?: number): SeriesRows;
  /** Once `done`, or to have the partial result. */
  result(): TaskResult;
  /** Of one that may be simulated in parts. */
  readonly parts?: RunParts;
  /** How far it is, between two advances; undefined where that cannot be said in numbers: with custom steps, and by a recursion. */
  checkpoint?(): TaskCheckpoint | undefined;
  /** It is needed no more: lets others go that work on it. */
  close?(): void;
}
