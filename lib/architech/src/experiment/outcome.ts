import {
  ArchitechError,
  frameBody,
  isSchemaFrame,
  type RunParts,
  readFrameHeader,
  type TableName,
  tableNumbers,
} from "@architech/protocol";
import type { Table } from "apache-arrow";
import { arrow } from "./arrow-library.js";
import { bucketTable } from "./bucket-table.js";
import { type Confidence, type Interval, meanInterval } from "./interval.js";
import { logTable } from "./log-table.js";
import type { SimulationRequest, StartedRun } from "./stream-source.js";
import type { LogRow } from "./stream-tables.js";
import { AnsweredRows, ReadRows, type SummaryRows } from "./summary-rows.js";

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
  /** Whether the tasks were simulated in parts that run beside each other, and why. */
  readonly parts: RunParts;
  readonly #rows: SummaryRows;
  readonly #started: StartedRun;

  private constructor(
    started: StartedRun,
    request: SimulationRequest,
    rows: SummaryRows,
    log: readonly LogRow[],
    parts: RunParts = { count: 1, why: "where it was simulated does not say" },
  ) {
    this.parts = parts;
    this.run = started.source.run;
    this.request = request;
    this.log = log;
    this.#started = started;
    this.#rows = rows;
  }

  /** Waits for the end of a run. Rejects with its error, or `run-cancelled`. */
  static async of(started: StartedRun, request: SimulationRequest): Promise<Outcome> {
    const points = request.points.length;
    const answer = await started.answer?.();
    if (answer !== undefined) {
      const { parts } = await started.ended;
      return new Outcome(started, request, new AnsweredRows(answer, points), answer.log, parts);
    }
    const messages: Uint8Array[] = [];
    const log: LogRow[] = [];
    let logOpening = new Uint8Array();
    for await (const frame of started.source.frames()) {
      const header = readFrameHeader(frame);
      // A copy of its own: frames are read in larger pieces, which would all be kept alive.
      if (header.table === tableNumbers.summary) messages.push(frameBody(frame).slice());
      else if (header.table !== tableNumbers.log) continue;
      else if (isSchemaFrame(header)) logOpening = frameBody(frame).slice();
      else log.push(...logTable.read(logOpening, frameBody(frame)));
    }
    const { state, error, parts } = await started.ended;
    if (error !== undefined) throw error;
    if (state === "cancelled") throw new ArchitechError("run-cancelled", `run ${started.source.run} was cancelled`);
    return new Outcome(started, request, new ReadRows(messages, points), log, parts);
  }

  /** Replications of each point. */
  get runs(): number {
    return this.#rows.runs;
  }

  /** Names of all metrics, in the model's order. */
  get metrics(): readonly string[] {
    const keys = Object.keys(this.request.points[0]?.key ?? {});
    return this.#rows.columns.slice(2 + keys.length, -4).map(({ name }) => name);
  }

  /** Values of a metric at a point, one for each replication. Throws `unknown-metric`. */
  values(metric: string, point: number): readonly number[] {
    const at = this.#rows.index.get(metric);
    if (at === undefined)
      throw new ArchitechError(
        "unknown-metric",
        `"${metric}" is not among the results: ${this.metrics.slice(0, 8).join(", ")}, ...`,
        { path: [metric] },
      );
    return this.#rows.values(at, point);
  }

  /** Mean and interval of a metric at a point. Throws `unknown-metric`. */
  estimate(metric: string, point: number): Estimate {
    const values = this.values(metric, point);
    const { confidence } = this.request.options;
    return { metric, unit: this.unit(metric), confidence, ...meanInterval(values, confidence) };
  }

  /** What a metric is measured in: "ms", "1/s", "1". */
  unit(metric: string): string {
    return this.#rows.columns[this.#rows.index.get(metric) ?? -1]?.unit ?? "1";
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
    return arrow().tableFromIPC([...this.#rows.messages()]);
  }

  /** Another of the run's tables, read from its stream now. */
  async table(name: TableName): Promise<Table> {
    return arrow().tableFromIPC(await this.#messages(name));
  }

  /** Latencies by node and bucket, read from its stream now. */
  async histogram(): Promise<Table> {
    return arrow().tableFromIPC(bucketTable(await this.#messages("histogram")));
  }

  async #messages(name: TableName): Promise<Uint8Array[]> {
    const bodies: Uint8Array[] = [];
    for await (const frame of this.#started.source.frames())
      if (readFrameHeader(frame).table === tableNumbers[name]) bodies.push(frameBody(frame).slice());
    return bodies;
  }

  /** One sentence for each thing that must be known beside the numbers. */
  get warnings(): readonly string[] {
    const counts = new Map<string, number>();
    for (const { message } of this.log) counts.set(message, (counts.get(message) ?? 0) + 1);
    const tasks = this.runs * this.request.points.length;
    return [
      ...(this.#started.notes ?? []),
      ...[...counts].map(([message, count]) => (tasks === 1 ? message : `${message} (${count} of ${tasks} tasks)`)),
    ];
  }
}
