import {
  ArchitechError,
  frameBody,
  isSchemaFrame,
  readFrameHeader,
  type TableName,
  tableNumbers,
} from "@architech/protocol";
import type { Table } from "apache-arrow";
import { arrow } from "./arrow-library.js";
import { type Confidence, type Interval, meanInterval } from "./interval.js";
import { logTable } from "./log-table.js";
import type { SimulationRequest, StartedRun } from "./stream-source.js";
import type { LogRow } from "./stream-tables.js";
import { TableReader } from "./table-reader.js";

/** A metric's mean over replications, its interval, and what it is measured in. */
export interface Estimate extends Interval {
  readonly metric: string;
  readonly unit: string;
  readonly confidence: Confidence;
}

/** Everything that a finished run says of its points: what the results of `run`, `sweep` and `compare` are made from. */
export class Outcome {
  readonly run: string;
  readonly request: SimulationRequest;
  /** What must be known beside the numbers. */
  readonly log: readonly LogRow[];
  readonly #frames: readonly Uint8Array[];
  readonly #reader: TableReader;
  readonly #started: StartedRun;
  /** Values by column, then point, then replication. */
  readonly #values: readonly number[][][];

  private constructor(
    started: StartedRun,
    request: SimulationRequest,
    frames: readonly Uint8Array[],
    log: readonly LogRow[],
  ) {
    this.run = started.source.run;
    this.request = request;
    this.log = log;
    this.#started = started;
    this.#frames = frames;
    this.#reader = new TableReader(frames[0] ?? new Uint8Array());
    this.#values = this.#reader.columns.map(() => request.points.map(() => []));
    for (const frame of frames.slice(1)) {
      const { rows, columns } = this.#reader.read(frame);
      for (let i = 0; i < rows; i++)
        for (const [c, column] of columns.entries()) this.#values[c]?.[columns[0]?.[i] ?? 0]?.push(column[i] ?? NaN);
    }
  }

  /** Waits for the end of a run. Rejects with its error, or `run-cancelled`. */
  static async of(started: StartedRun, request: SimulationRequest): Promise<Outcome> {
    const frames: Uint8Array[] = [];
    const log: LogRow[] = [];
    let logOpening = new Uint8Array();
    for await (const frame of started.source.frames()) {
      const header = readFrameHeader(frame);
      // A copy of its own: frames are read in larger pieces, which would all be kept alive.
      if (header.table === tableNumbers.summary) frames.push(frameBody(frame).slice());
      else if (header.table !== tableNumbers.log) continue;
      else if (isSchemaFrame(header)) logOpening = frameBody(frame).slice();
      else log.push(...logTable.read(logOpening, frameBody(frame)));
    }
    const { state, error } = await started.ended;
    if (error !== undefined) throw error;
    if (state === "cancelled") throw new ArchitechError("run-cancelled", `run ${started.source.run} was cancelled`);
    return new Outcome(started, request, frames, log);
  }

  /** Replications of each point. */
  get runs(): number {
    return this.#values[0]?.[0]?.length ?? 0;
  }

  /** Names of all metrics, in the model's order. */
  get metrics(): readonly string[] {
    const keys = Object.keys(this.request.points[0]?.key ?? {});
    return this.#reader.columns.slice(2 + keys.length, -4).map(({ name }) => name);
  }

  /** Values of a metric at a point, one for each replication. Throws `unknown-metric`. */
  values(metric: string, point: number): readonly number[] {
    const at = this.#reader.index.get(metric);
    if (at === undefined)
      throw new ArchitechError(
        "unknown-metric",
        `"${metric}" is not among the results: ${this.metrics.slice(0, 8).join(", ")}, ...`,
        { path: [metric] },
      );
    return this.#values[at]?.[point] ?? [];
  }

  /** Mean and interval of a metric at a point. Throws `unknown-metric`. */
  estimate(metric: string, point: number): Estimate {
    const values = this.values(metric, point);
    const { confidence } = this.request.options;
    return { metric, unit: this.unit(metric), confidence, ...meanInterval(values, confidence) };
  }

  /** What a metric is measured in: "ms", "1/s", "1". */
  unit(metric: string): string {
    return this.#reader.columns[this.#reader.index.get(metric) ?? -1]?.unit ?? "1";
  }

  /** Nodes whose backlog grew to the end, at a point or anywhere. */
  saturated(point?: number): readonly string[] {
    const rows = this.log.filter(
      (row) => row.code === "node-saturated" && (point === undefined || row.point === point),
    );
    return [...new Set(rows.map(({ node }) => node))];
  }

  /** The summary as an Arrow table. */
  summary(): Table {
    return arrow().tableFromIPC([...this.#frames]);
  }

  /** Another of the run's tables, read from its stream now. */
  async table(name: TableName): Promise<Table> {
    const bodies: Uint8Array[] = [];
    for await (const frame of this.#started.source.frames())
      if (readFrameHeader(frame).table === tableNumbers[name]) bodies.push(frameBody(frame).slice());
    return arrow().tableFromIPC(bodies);
  }

  /** One sentence for each thing that must be known beside the numbers. */
  get warnings(): readonly string[] {
    const counts = new Map<string, number>();
    for (const { message } of this.log) counts.set(message, (counts.get(message) ?? 0) + 1);
    const tasks = this.runs * this.request.points.length;
    return [...counts].map(([message, count]) => (tasks === 1 ? message : `${message} (${count} of ${tasks} tasks)`));
  }
}
