import {
  integerField,
  optionalField,
  packMessage,
  record,
  textField,
  unpackMessage,
  type WorkerView,
} from "@architech/protocol";
import type { State } from "../bus/bus.js";
import type { Log } from "../log.js";
import { Notes } from "./notes.js";

/** A worker that has said nothing for so long is gone. */
export const workerTtlMs = 15_000;

export function packNote(note: WorkerView): Uint8Array {
  return packMessage({ ...note });
}

/** Throws `bad-message`. */
function unpackNote(bytes: Uint8Array): WorkerView {
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
export class WorkerRegistry extends Notes<WorkerView> {
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
