import type { ArchitechError, RunParts } from "@architech/protocol";
import { NotesReader, NotesWriter } from "../engine/notes.js";
import {
  HistogramTable,
  joinSeries,
  type LogRow,
  SeriesTable,
  SummaryTable,
  type TableShape,
} from "../experiment/stream-tables.js";
import { keptSeries } from "../simulation/series-rows.js";
import type { SimulateOptions } from "../simulation/simulate.js";
import type { SeriesRows, Simulation, Task, TaskCheckpoint, TaskResult } from "../simulation/task.js";
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
  | { readonly type: "slice"; readonly share: number }
  /** How far it is: what was handed out before is not handed out again by who goes on from here. */
  | { readonly type: "checkpoint"; readonly checkpoint: RowsCheckpoint };

/** A checkpoint of a task, with its rows that were not handed out yet. */
export interface RowsCheckpoint extends TaskCheckpoint {
  readonly rows: Float64Array<ArrayBuffer>;
}

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

/** What the rows of a task are made with, beside the task. */
interface RowOptions {
  readonly cutMs: number;
  readonly tables: RunTables;
  readonly metric: number;
  /** Wall time between two checkpoints, ms; none by default. */
  readonly checkpointMs?: number | undefined;
  /** Where the task goes on from. */
  readonly from?: RowsCheckpoint | undefined;
}

/** A checkpoint may take one part in so many of the time. */
const checkpointShare = 20;

/**
 * Simulates one task and encodes its rows. The cuts between batches lie at simulated times, so the bytes depend on
 * nothing but the task. Throws `checkpoint-refused` before its first event.
 */
export function* taskRows(
  { task, point, replication, series, histogram }: PlannedTask,
  { simulate, ...options }: RowOptions & { readonly simulate: Simulate },
): Generator<TaskEvent, TaskEnd, undefined> {
  const { from } = options;
  const simulation = simulate(task, { series, histogram, ...(from === undefined ? {} : { from }) });
  try {
    return yield* rowsOf(simulation, { task, point, replication, series, histogram }, options);
  } finally {
    simulation.close?.();
  }
}

function* rowsOf(
  simulation: Simulation,
  { task, point, replication, series, histogram }: Omit<PlannedTask, "number">,
  { cutMs, tables, metric, checkpointMs = Number.POSITIVE_INFINITY, from }: RowOptions,
): Generator<TaskEvent, TaskEnd, undefined> {
  const place = { point, replication };
  const { untilMs } = task.options;
  let { cut, rows: ahead } = from === undefined ? { cut: 1, rows: [] } : readRows(from.rows);
  let nextCheckpoint = performance.now() + checkpointMs;
  for (; !simulation.done; cut++, ahead = []) {
    const cutAt = Math.min(cut * cutMs, untilMs);
    while (!simulation.done) {
      const begun = performance.now();
      if (begun >= nextCheckpoint) {
        const checkpoint = simulation.checkpoint?.();
        if (checkpoint !== undefined)
          yield { type: "checkpoint", checkpoint: { ...checkpoint, rows: writtenRows(cut, ahead) } };
        // Whoever takes it packs it meanwhile.
        const ended = performance.now();
        nextCheckpoint = ended + Math.max(checkpointMs, checkpointShare * (ended - begun));
      }
      const rows = simulation.advance(cutAt, sliceMs);
      if (rows.t.length > 0) ahead.push(rows);
      if (simulation.nowMs >= cutAt) break;
      yield { type: "slice", share: simulation.nowMs / untilMs };
    }
    if (series && ahead.length > 0)
      yield { type: "batch", table: "series", bytes: tables.series.rows(place, joinSeries(ahead)) };
    yield { type: "slice", share: simulation.nowMs / untilMs };
  }
  const result = simulation.result();
  if (histogram && result.histogram.page.length > 0)
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

function writtenRows(cut: number, ahead: readonly SeriesRows[]): Float64Array<ArrayBuffer> {
  const notes = new NotesWriter();
  notes.number(cut);
  notes.list(ahead, (rows) => keptSeries(notes, rows));
  return notes.written;
}

function readRows(written: Float64Array): { cut: number; rows: SeriesRows[] } {
  const notes = new NotesReader(written);
  const cut = notes.number();
  const ahead = notes.list([], (rows: SeriesRows | undefined) => keptSeries(notes, rows));
  notes.end();
  return { cut, rows: ahead };
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
