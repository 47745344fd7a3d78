import {
  type ArchitechError,
  errorFrom,
  frameBody,
  isSchemaFrame,
  readFrameHeader,
  type TableName,
  tableNumbers,
} from "@architech/protocol";
import { logTable } from "../experiment/log-table.js";
import type { LogRow } from "../experiment/stream-tables.js";
import { TableReader } from "../experiment/table-reader.js";
import type { Plan } from "./plan.js";
import type { RunLog } from "./run-log.js";

/** What a run has of tasks that are over, when it was left in the middle. */
export interface Begun {
  /** Frames of those tasks, with what opens the tables: what is behind them is of a task that is begun anew. */
  readonly frames: number;
  /** Tables that have begun in them. */
  readonly opened: readonly TableName[];
  /** Values of the metric whose precision was asked for, in the order of the tasks: so many are over. */
  readonly values: readonly number[];
  readonly events: number;
  /** Tasks that have failed, and why the first of them did. */
  readonly failures: number;
  readonly firstFailure: ArchitechError | undefined;
  /** Whether a bound has stopped one: it may have been the clock. */
  readonly bounded: boolean;
}

const tables: readonly TableName[] = ["summary", "series", "histogram", "traces", "log"];

/** Reads what there is of a run. The last thing that a task writes is its row of the summary. */
export async function begunOf(log: RunLog, { precision, shape }: Plan): Promise<Begun> {
  const metric = 2 + Object.keys(shape.keys[0] ?? {}).length + (precision?.metric ?? 0);
  const values: number[] = [];
  const rows: LogRow[] = [];
  let [seen, seenSchemas, frames, schemas, events, failures] = [0, 0, 0, 0, 0, 0];
  let summary: TableReader | undefined;
  let opening = new Uint8Array();
  let read: LogRow[] = [];
  for await (const frame of log.read()) {
    seen++;
    const header = readFrameHeader(frame);
    if (isSchemaFrame(header)) seenSchemas++;
    if (header.table !== tableNumbers.log && header.table !== tableNumbers.summary) continue;
    // Its own copy, so that columns lie at multiples of eight.
    const body = frameBody(frame).slice();
    if (header.table === tableNumbers.log) {
      if (isSchemaFrame(header)) opening = body;
      else read.push(...logTable.read(opening, body));
      continue;
    }
    [frames, schemas] = [seen, seenSchemas];
    if (isSchemaFrame(header)) {
      summary = new TableReader(body);
      continue;
    }
    const { columns } = summary!.read(body);
    const simulated = columns[summary!.index.get("events")!]![0]!;
    values.push(columns[metric]![0]!);
    if (Number.isNaN(simulated)) failures++;
    else events += simulated;
    rows.push(...read);
    read = [];
  }
  const failed = rows.find(({ code }) => code !== "node-saturated" && code !== "bound-reached");
  return {
    frames,
    opened: tables.filter((table) => log.tables.slice(0, schemas).includes(tableNumbers[table])),
    values,
    events,
    failures,
    firstFailure: failed && errorFrom({ code: failed.code, message: failed.message }),
    bounded: rows.some(({ code }) => code === "bound-reached"),
  };
}
