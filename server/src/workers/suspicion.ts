import { packMessage, pause, unpackMessage } from "@architech/protocol";
import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import { workerTtlMs } from "../cluster/worker-registry.js";

/** A task during which so many workers have died is not tried again. */
const deathsAllowed = 2;

/** Looks at what workers say, while it is found out whether they do. */
const looks = 20;

/** What tells whether a task ends the workers that work on it. */
export interface SuspicionOptions {
  /** Tasks that workers have begun and not ended. */
  readonly suspects: State;
  /** What workers say of themselves, time and again. */
  readonly workers: State;
  /** This worker. */
  readonly worker: string;
  /** A worker that says nothing for so long is dead, ms. Default: twice the time between two things that it says. */
  readonly silenceMs?: number;
}

/**
 * Finds out which task of a chunk ends the process that works on it. Once a chunk is delivered again, its tasks are
 * done one by one, and who begins one is noted: who is noted still when the chunk comes back has died with it, or has
 * only not been heard, which a bus that was away does to those who live.
 */
export class Suspicion {
  readonly #options: Required<SuspicionOptions>;

  constructor(options: SuspicionOptions) {
    this.#options = { silenceMs: (2 * workerTtlMs) / 3, ...options };
  }

  /** Notes that a task begins. False when it has ended too many workers, which takes `silenceMs` to tell. */
  async begins(run: string, task: number): Promise<boolean> {
    const { suspects, worker } = this.#options;
    const key = `${run}.${task}`;
    for (;;) {
      const entry = await suspects.get(key);
      const others = entry === undefined ? [] : workersIn(entry.value).filter((id) => id !== worker);
      const dead = others.length < deathsAllowed ? others : await this.#silent(others);
      if (dead.length >= deathsAllowed) return false;
      const value = packMessage([...dead, worker]);
      try {
        if (entry === undefined) await suspects.create(key, value);
        else await suspects.update(key, value, entry.revision);
        return true;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
  }

  /** Notes that a task has come further than where it began: it does not end every worker at the same place. */
  async goesOn(run: string, task: number): Promise<void> {
    const { suspects, worker } = this.#options;
    const key = `${run}.${task}`;
    const entry = await suspects.get(key);
    if (entry === undefined || workersIn(entry.value).length === 1) return;
    await suspects.update(key, packMessage([worker]), entry.revision).catch((error) => {
      // It has ended meanwhile.
      if (!(error instanceof RevisionConflict)) throw error;
    });
  }

  /** Notes that a task has ended, whichever way. */
  async ended(run: string, task: number): Promise<void> {
    await this.#options.suspects.delete(`${run}.${task}`);
  }

  /** Those of them that say nothing; resolves as soon as too few are left. */
  async #silent(ids: readonly string[]): Promise<string[]> {
    const { workers, silenceMs } = this.#options;
    const said = async (id: string): Promise<number> => (await workers.get(id))?.revision ?? 0;
    const before = new Map<string, number>();
    for (const id of ids) before.set(id, await said(id));
    const end = performance.now() + silenceMs;
    while (before.size >= deathsAllowed && performance.now() < end) {
      await pause(silenceMs / looks);
      // What is not there any more has run out, and is nothing that was said.
      for (const [id, revision] of before) if ((await said(id)) > revision) before.delete(id);
    }
    return [...before.keys()];
  }
}

/** What cannot be read names nobody. */
function workersIn(value: Uint8Array): string[] {
  try {
    const ids = unpackMessage(value);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
