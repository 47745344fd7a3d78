import { integerField, optionalField, packMessage, record, textField, unpackMessage } from "@architech/protocol";
import type { State } from "../bus/bus.js";
import type { Log } from "../log.js";
import { Notes } from "./notes.js";

/** What a worker says of itself while it lives. */
export interface WorkerNote {
  readonly id: string;
  readonly threads: number;
  /** Tasks in work. */
  readonly busy: number;
  /** Tasks that it has done, failed ones included, and events that it has simulated for them. */
  readonly tasks: number;
  readonly events: number;
  /** What it computes; see `RunRecord.version`. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A worker that has said nothing for so long is gone. */
export const workerTtlMs = 15_000;

export function packNote(note: WorkerNote): Uint8Array {
  return packMessage({ ...note });
}

/** Throws `bad-message`. */
function unpackNote(bytes: Uint8Array): WorkerNote {
  const from = record(unpackMessage(bytes), "the note of a worker");
  return {
    id: textField(from, "id"),
    threads: integerField(from, "threads"),
    busy: integerField(from, "busy"),
    // An older worker says nothing of them.
    tasks: optionalField(from, "tasks", integerField) ?? 0,
    events: optionalField(from, "events", integerField) ?? 0,
    version: textField(from, "version"),
    since: integerField(from, "since"),
  };
}

/** The workers that there are, as they say. */
export class WorkerRegistry extends Notes<WorkerNote> {
  constructor(state: State, log: Log) {
    super(state, unpackNote, "the workers", log);
  }

  /** Threads of all workers together. */
  get threads(): number {
    return this.all().reduce((total, { threads }) => total + threads, 0);
  }

  /** Threads of the worker that has most. */
  get mostThreads(): number {
    return this.all().reduce((most, { threads }) => Math.max(most, threads), 0);
  }
}
