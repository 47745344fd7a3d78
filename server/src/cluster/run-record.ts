import {
  ArchitechError,
  field,
  isRunId,
  optionalField,
  parseRunInfo,
  type RunInfo,
  record,
  textField,
} from "@architech/protocol";
import { localUser } from "architech/host";
import { MessageFormat } from "../bus/message-format.js";
import { traceParent } from "../http/trace-parent.js";
import type { RunLane } from "./run-lane.js";

/** What a cluster knows of a run, beside its request and its rows. */
export interface RunRecord {
  readonly info: RunInfo;
  /** Whose it is. */
  readonly user: string;
  /** Where its tasks line up. */
  readonly lane: RunLane;
  /** Hash of what its rows depend on; absent when they must not be used again. */
  readonly key?: string;
  /** What computes it: services of another result version leave it alone. */
  readonly version: string;
  /** The object that its request is in. */
  readonly request: string;
  /** The run whose log has its rows. */
  readonly rows: string;
  /** Places in the stream of the frames that open tables, noted before they are written. */
  readonly schemas: readonly number[];
  /** The tables that those open. */
  readonly tables: readonly number[];
  /** The trace that it is a part of, as a W3C `traceparent`. */
  readonly trace?: string;
  /** Whether somebody wants it stopped. */
  readonly wantsCancel: boolean;
}

/** Records as the state of the bus keeps them. */
export const runRecords: MessageFormat<RunRecord> = new MessageFormat("run-record", 1, { 1: parseRecord });

function parseRecord(body: unknown): RunRecord {
  const from = record(body, "the record of a run");
  const key = optionalField(from, "key", textField);
  const trace = traceParent(field(from, "trace"));
  const rows = textField(from, "rows");
  if (!isRunId(rows))
    throw new ArchitechError("bad-message", "the rows of a run are those of a run, and its id is not that of one");
  return {
    info: parseRunInfo(field(from, "info")),
    user: optionalField(from, "user", textField) ?? localUser,
    lane: field(from, "lane") === "interactive" ? "interactive" : "batch",
    ...(key === undefined ? {} : { key }),
    version: textField(from, "version"),
    request: textField(from, "request"),
    rows,
    schemas: numbers(field(from, "schemas")),
    tables: numbers(field(from, "tables")),
    ...(trace === undefined ? {} : { trace }),
    wantsCancel: field(from, "wantsCancel") === true,
  };
}

function numbers(value: unknown): readonly number[] {
  if (!Array.isArray(value) || !value.every((one) => Number.isSafeInteger(one) && one >= 0))
    throw new ArchitechError("bad-message", "a list of counts is wanted");
  return value as number[];
}
