import type { StateChange } from "./bus.js";
import { Wakeup, waitFor } from "./wakeup.js";

/** Changes that a watcher has not seen yet: the last of each key, so that memory is bounded by the keys. */
export class Changes {
  readonly #latest = new Map<string, StateChange>();
  readonly #seen = new Map<string, number>();
  readonly #wakeup = new Wakeup();
  #closed = false;
  #error: unknown;

  push(change: StateChange): void {
    const known = Math.max(this.#latest.get(change.key)?.revision ?? 0, this.#seen.get(change.key) ?? 0);
    // What was there first and what changes meanwhile come in either order: the higher revision is the truth.
    if (change.revision <= known) return;
    this.#latest.delete(change.key);
    this.#latest.set(change.key, change);
    this.#wakeup.wake();
  }

  close(error?: unknown): void {
    this.#closed = true;
    this.#error = error;
    this.#wakeup.wake();
  }

  async *read(signal?: AbortSignal): AsyncGenerator<StateChange, void, undefined> {
    while (!isAborted(signal)) {
      const woken = this.#wakeup.next;
      const [change] = this.#latest.values();
      if (change !== undefined) {
        this.#latest.delete(change.key);
        this.#seen.set(change.key, change.revision);
        yield change;
      } else if (this.#closed) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else await waitFor(woken, signal);
    }
  }
}

/** A question of its own: the compiler believes that a signal found unaborted stays so across a yield. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
