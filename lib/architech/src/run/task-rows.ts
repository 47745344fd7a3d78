import type { ArchitechError, RunParts } from "@architech/protocol";
import {
  HistogramTable,
  joinSeries,
  type LogRow,
  SeriesTable,
  SummaryTable,
  type TableShape,
} from "../experiment/stream-tables.js";
import type { SimulateOptions } from "../simulation/simulate.js";
import type { SeriesRows, Simulation, Task, TaskResult } from "../simulation/task.js";
import type { PlannedTask } from "./plan.js";

/** The tables of one run, kept by whoever encodes its rows. */
export class RunTables {
  readonly summary: SummaryTable;
  readonly series: SeriesTable;
  readonly histogram: HistogramTable;

  constructor(shape: TableShape) {
    this.summary = new SummaryTable(shape);
    this.series = new SeriesTable(shape);
    this.histogram = new HistogramTable(shape);
  }
}

/** What a task under way hands out. A slice has no rows: it is a moment to report, to yield and to stop. */
export type TaskEvent =
  | {
      readonly type: "batch";
      readonly table: "summary" | "series" | "histogram";
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  /** Text, which only the thread that writes the stream knows how to encode. */
  | { readonly type: "log"; readonly rows: readonly LogRow[] }
  | { readonly type: "slice"; readonly share: number };

/** What is told of a finished task beside its rows. */
export interface TaskEnd {
  readonly events: number;
  /** Value of the metric whose precision was asked for; NaN where nothing was observed. */
  readonly value: number;
  /** Whether another machine, or a quieter moment, could have come further. */
  readonly clocked: boolean;
  /** Whether it was simulated in parts, where that was asked for. */
  readonly parts?: RunParts;
  /** What ends the whole run, once the rows up to there are written. Only where the work is in the thread that is told. */
  readonly failure?: ArchitechError;
}

/** How a task is simulated. */
export type Simulate = (task: Task, options?: SimulateOptions) => Simulation;

/** Wall time between two moments at which a task may be stopped. */
const sliceMs = 10;

/**
 * Simulates one task and encodes its rows. The cuts between batches lie at simulated times, so the bytes depend on
 * nothing but the task.
 */
export function* taskRows(
  { task, point, replication, series, histogram }: PlannedTask,
  { cutMs, tables, metric, simulate }: { cutMs: number; tables: RunTables; metric: number; simulate: Simulate },
): Generator<TaskEvent, TaskEnd, undefined> {
  const simulation = simulate(task, { series, histogram });
  try {
    return yield* rowsOf(simulation, { task, point, replication, series, histogram }, { cutMs, tables, metric });
  } finally {
    simulation.close?.();
  }
}

function* rowsOf(
  simulation: Simulation,
  { task, point, replication, series, histogram }: Omit<PlannedTask, "number">,
  { cutMs, tables, metric }: { cutMs: number; tables: RunTables; metric: number },
): Generator<TaskEvent, TaskEnd, undefined> {
  const place = { point, replication };
  const { untilMs } = task.options;
  for (let cut = 1; !simulation.done; cut++) {
    const parts: SeriesRows[] = [];
    const cutAt = Math.min(cut * cutMs, untilMs);
    while (!simulation.done) {
      const rows = simulation.advance(cutAt, sliceMs);
      if (rows.t.length > 0) parts.push(rows);
      if (simulation.nowMs >= cutAt) break;
      yield { type: "slice", share: simulation.nowMs / untilMs };
    }
    if (series && parts.length > 0)
      yield { type: "batch", table: "series", bytes: tables.series.rows(place, joinSeries(parts)) };
    yield { type: "slice", share: simulation.nowMs / untilMs };
  }
  const result = simulation.result();
  if (histogram && result.histogram.low.length > 0)
    yield { type: "batch", table: "histogram", bytes: tables.histogram.rows(place, result.histogram) };
  const log = logRows(place, result);
  if (log.length > 0) yield { type: "log", rows: log };
  yield { type: "batch", table: "summary", bytes: tables.summary.row(place, result) };
  const { parts } = simulation;
  return {
    events: result.events,
    value: result.value(metric),
    // In parts, a bound is looked at where windows end.
    clocked: result.stopped !== undefined && (result.stopped.bound === "maxWallMs" || (parts?.count ?? 1) > 1),
    ...(parts === undefined ? {} : { parts }),
    ...(result.failure === undefined ? {} : { failure: result.failure }),
  };
}

/** What must be known of a finished task beside its numbers. */
export function logRows(place: { point: number; replication: number }, result: TaskResult): LogRow[] {
  const rows = result.saturated.map(
    (node): LogRow => ({
      ...place,
      code: "node-saturated",
      node,
      message: `${node} gets more than it can do: its backlog was still growing at the end, so means do not converge and depend on how long the run is`,
    }),
  );
  if (result.failure !== undefined)
    rows.push({ ...place, code: result.failure.code, node: "", message: result.failure.message });
  if (result.stopped !== undefined)
    rows.push({ ...place, code: "bound-reached", node: "", message: result.stopped.message });
  return rows;
}
