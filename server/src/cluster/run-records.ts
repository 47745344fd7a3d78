import { isFinal } from "@architech/protocol";
import { runNotFound } from "architech/host";
import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import type { Log } from "../log.js";
import { follow } from "./follow.js";
import { type RunRecord, runRecords } from "./run-record.js";
import { isUnreadable } from "./unreadable.js";

interface Known {
  readonly record: RunRecord;
  readonly revision: number;
}

/** The records of all runs: written by compare-and-set, and followed, so that each service knows what the others do. */
export class RunRecords {
  readonly #state: State;
  readonly #log: Log;
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Set<(id: string, record: RunRecord | undefined) => void>();
  readonly #closed = new AbortController();

  constructor(state: State, log: Log) {
    this.#state = state;
    this.#log = log;
  }

  /** Follows the records from now on, however long the bus cannot be reached. */
  follow(): void {
    const { signal } = this.#closed;
    void follow(this.#state, "", { what: "the records of runs", log: this.#log, signal }, (change) =>
      this.#hear(change.key, change.value, change.revision),
    );
  }

  /** Reads every record as it is. Throws `bus-unreachable`. */
  async load(): Promise<void> {
    for (const id of await this.#state.keys())
      await this.#read(id).catch((error: unknown) => {
        ignoreUnreadable(error);
        this.#log.warn(`the record of run ${id}: ${(error as Error).message}`);
      });
  }

  /** What is known here of every run; others may have gone further. */
  all(): RunRecord[] {
    return [...this.#known.values()].map(({ record }) => record);
  }

  /** What is known here of a run. */
  known(id: string): RunRecord | undefined {
    return this.#known.get(id)?.record;
  }

  /** The record of a run as it is. Throws `run-not-found`. */
  async get(id: string): Promise<RunRecord> {
    const known = await this.#read(id);
    if (known === undefined) throw runNotFound(id);
    return known.record;
  }

  /** The record of a run, as it was a moment ago at the worst: for what of it does not change. Throws `run-not-found`. */
  async lately(id: string): Promise<RunRecord> {
    return this.known(id) ?? this.get(id);
  }

  /** Whether there is a run of that id now. */
  async has(id: string): Promise<boolean> {
    return (await this.#read(id)) !== undefined;
  }

  /** Whether a run that is there has these rows. Others may have told of theirs a moment ago, so the bus is asked. */
  async haveRows(rows: string): Promise<boolean> {
    for (const id of await this.#state.keys()) {
      const told = this.known(id);
      if (told !== undefined && told.rows !== rows) continue;
      const known = await this.#read(id).catch(ignoreUnreadable);
      if (known?.record.rows === rows) return true;
    }
    return false;
  }

  /** Writes the record of a new run; false when there is one of that id. */
  async create(record: RunRecord): Promise<boolean> {
    const { id } = record.info;
    try {
      this.#take(id, { record, revision: await this.#state.create(id, runRecords.pack(record)) });
      return true;
    } catch (error) {
      if (error instanceof RevisionConflict) return false;
      throw error;
    }
  }

  /** Changes a record, from what it is at the moment; undefined leaves it. Throws `run-not-found`. */
  async change(id: string, change: (record: RunRecord) => RunRecord | undefined): Promise<RunRecord> {
    for (let known = this.#known.get(id) ?? (await this.#read(id)); ; known = await this.#read(id)) {
      if (known === undefined) throw runNotFound(id);
      const record = change(known.record);
      if (record === undefined) return known.record;
      try {
        this.#take(id, { record, revision: await this.#state.update(id, runRecords.pack(record), known.revision) });
        return record;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
  }

  async delete(id: string): Promise<void> {
    await this.#state.delete(id);
    this.#take(id, undefined);
  }

  /** Calls the listener with every change from now on; returns what ends that. */
  onChange(listener: (id: string, record: RunRecord | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The record of a run once it is over. Throws `run-not-found` when it is deleted before. */
  async over(id: string): Promise<RunRecord> {
    const known = this.known(id);
    if (known !== undefined && isFinal(known.info.state)) return known;
    let stop = (): void => {};
    const change = new Promise<RunRecord | undefined>((resolve) => {
      stop = this.onChange((changed, record) => {
        if (changed === id && (record === undefined || isFinal(record.info.state))) resolve(record);
      });
    });
    try {
      const now = await this.get(id);
      const record = isFinal(now.info.state) ? now : await change;
      if (record === undefined) throw runNotFound(id);
      return record;
    } finally {
      stop();
    }
  }

  close(): void {
    this.#closed.abort();
    this.#listeners.clear();
  }

  async #read(id: string): Promise<Known | undefined> {
    const entry = await this.#state.get(id);
    const known = entry && this.#unpack(id, entry.value, entry.revision);
    this.#take(id, known);
    return known;
  }

  #hear(id: string, value: Uint8Array | undefined, revision: number): void {
    const known = this.#known.get(id);
    if (value === undefined) this.#take(id, undefined);
    else if (known === undefined || known.revision < revision) this.#take(id, this.#unpack(id, value, revision));
  }

  /** A record that is there. One that cannot be read is left to whoever can: nothing is known here of its run. */
  #unpack(id: string, value: Uint8Array, revision: number): Known {
    try {
      return { record: runRecords.unpack(value), revision };
    } catch (error) {
      this.#take(id, undefined);
      throw error;
    }
  }

  #take(id: string, known: Known | undefined): void {
    const before = this.#known.get(id);
    if (before?.revision === known?.revision) return;
    if (known === undefined) this.#known.delete(id);
    else this.#known.set(id, known);
    for (const listener of this.#listeners) listener(id, known?.record);
  }
}

/** Passes over what nobody here can read; all else is thrown. */
function ignoreUnreadable(error: unknown): undefined {
  if (!isUnreadable(error)) throw error;
}
