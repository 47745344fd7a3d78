import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";

/** A task during which so many workers have died is not tried again. */
const deathsAllowed = 2;

/**
 * Finds out which task of a chunk ends the process that works on it. Once a chunk is delivered again, its tasks are
 * done one by one, and each is noted before it begins: what is noted still when the chunk comes back was under way.
 */
export class Suspicion {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /** Notes that a task begins. False when it has ended too many workers. */
  async begins(run: string, task: number): Promise<boolean> {
    const key = `${run}.${task}`;
    for (;;) {
      const entry = await this.#state.get(key);
      const deaths = entry?.value[0] ?? 0;
      if (deaths >= deathsAllowed) return false;
      try {
        if (entry === undefined) await this.#state.create(key, Uint8Array.of(1));
        else await this.#state.update(key, Uint8Array.of(deaths + 1), entry.revision);
        return true;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
  }

  /** Notes that a task has come further than where it began: it does not end every worker at the same place. */
  async goesOn(run: string, task: number): Promise<void> {
    const key = `${run}.${task}`;
    const entry = await this.#state.get(key);
    if (entry === undefined || entry.value[0] === 1) return;
    await this.#state.update(key, Uint8Array.of(1), entry.revision).catch((error) => {
      // It has ended meanwhile.
      if (!(error instanceof RevisionConflict)) throw error;
    });
  }

  /** Notes that a task has ended, whichever way. */
  async ended(run: string, task: number): Promise<void> {
    await this.#state.delete(`${run}.${task}`);
  }
}
