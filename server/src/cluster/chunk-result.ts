import {
  ArchitechError,
  field,
  integerField,
  joinWithHead,
  numberField,
  optionalField,
  parseRunParts,
  parseWireError,
  type RunParts,
  record,
  splitWithHead,
  type TableName,
  tableNumbers,
  textField,
  type WireError,
} from "@architech/protocol";
import type { LogRow } from "architech/host";

/** What a task gave, in the order in which it gave it. */
export type TaskItem =
  | { readonly type: "batch"; readonly table: TableName; readonly bytes: Uint8Array }
  | { readonly type: "log"; readonly rows: readonly LogRow[] };

/** What came of one task. */
export interface TaskOutcome {
  readonly items: readonly TaskItem[];
  /** Absent where it failed. */
  readonly end?: {
    readonly events: number;
    readonly value: number;
    readonly clocked: boolean;
    readonly parts?: RunParts;
  };
  readonly error?: WireError;
}

/** What came of the tasks of a chunk, in their order. */
export interface ChunkResult {
  /** What it took to simulate them, ms, summed over threads. */
  readonly busyMs: number;
  readonly tasks: readonly TaskOutcome[];
}

const version = 1;

/** A result as bytes. */
export function packResult({ busyMs, tasks }: ChunkResult): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const head = tasks.map((task) => outcomeHead(task, parts));
  return joinWithHead({ kind: "chunk-result", version, busyMs, tasks: head }, parts);
}

/** What came of a task as plain data; its rows go to the parts. */
export function outcomeHead(
  { items, end, error }: TaskOutcome,
  parts: Uint8Array[],
): Readonly<Record<string, unknown>> {
  return {
    items: items.map((item) => {
      if (item.type === "log") return { log: item.rows };
      parts.push(item.bytes);
      return { table: item.table };
    }),
    // What JSON cannot say, NaN, MessagePack can.
    end: end ?? null,
    error: error ?? null,
  };
}

/** Reads a result. Throws `bad-message`, and `message-newer` for a version to come. */
export function unpackResult(bytes: Uint8Array): ChunkResult {
  const { head, parts } = splitWithHead(bytes);
  const from = record(head, "the result of a chunk");
  if (field(from, "kind") !== "chunk-result")
    throw new ArchitechError("bad-message", "this is not the result of a chunk");
  const found = integerField(from, "version");
  if (found !== version)
    throw new ArchitechError(
      found > version ? "message-newer" : "bad-message",
      `the result of a chunk is of version ${found}, this service knows ${version}`,
    );
  const next = parts[Symbol.iterator]();
  const tasks = list(from, "tasks").map((task) => readOutcome(record(task, "what came of a task"), next));
  if (next.next().done !== true) throw new ArchitechError("bad-message", "the result of a chunk has rows of no task");
  return { busyMs: numberField(from, "busyMs"), tasks };
}

/** What `outcomeHead` made of the outcome of a task; its rows are the next parts. Throws `bad-message`. */
export function readOutcome(from: Readonly<Record<string, unknown>>, rows: Iterator<Uint8Array>): TaskOutcome {
  const items = list(from, "items").map((item): TaskItem => {
    const fields = record(item, "rows of a task");
    if (field(fields, "log") !== undefined) return { type: "log", rows: list(fields, "log").map(logRow) };
    const table = textField(fields, "table");
    const { value: bytes } = rows.next() as { value?: Uint8Array };
    if (!Object.hasOwn(tableNumbers, table) || bytes === undefined)
      throw new ArchitechError("bad-message", `there are no rows of table "${table.slice(0, 40)}"`);
    return { type: "batch", table: table as TableName, bytes };
  });
  const error = optionalField(from, "error", (of, name) => parseWireError(field(of, name)));
  const end = optionalField(from, "end", (of, name) => {
    const fields = record(field(of, name), "the end of a task");
    const parts = optionalField(fields, "parts", (inner, key) => parseRunParts(field(inner, key)));
    return {
      events: numberField(fields, "events"),
      value: numberField(fields, "value"),
      clocked: field(fields, "clocked") === true,
      ...(parts === undefined ? {} : { parts }),
    };
  });
  return { items, ...(end === undefined ? {} : { end }), ...(error === undefined ? {} : { error }) };
}

function logRow(value: unknown): LogRow {
  const from = record(value, "a row of the log");
  return {
    point: integerField(from, "point"),
    replication: integerField(from, "replication"),
    code: textField(from, "code"),
    node: textField(from, "node"),
    message: textField(from, "message"),
  };
}

function list(from: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = field(from, name);
  if (!Array.isArray(value)) throw new ArchitechError("bad-message", `"${name}" is a list`);
  return value as unknown[];
}
