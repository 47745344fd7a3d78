import type { RunRecord } from "./run-record.js";

/** A run of another version is left to services of that version for so long once nobody leads it, ms: longer than a lease lasts. */
const foreignMs = 60_000;

/** A run that could not be led to its end is tried again after so long, ms. */
const againMs = 2_000;

/** Runs that this service does not lead for a while, although nobody does. */
export class LeftAlone {
  readonly #version: string;
  readonly #wake: () => void;
  readonly #foreignMs: number;
  /** Until when, by the clock of `performance`. */
  readonly #until = new Map<string, number>();

  /** `wake`: one of them may be led from now on. */
  constructor(version: string, wake: () => void, leaveMs: number = foreignMs) {
    this.#version = version;
    this.#wake = wake;
    this.#foreignMs = leaveMs;
  }

  /** Whether a run that nobody leads is to be left alone. */
  has({ info, version }: RunRecord): boolean {
    if (version !== this.#version && !this.#until.has(info.id)) this.#leave(info.id, this.#foreignMs);
    return performance.now() < (this.#until.get(info.id) ?? 0);
  }

  /** Leaves a run that could not be led, so that it is not tried over and over. */
  rest(id: string): void {
    this.#leave(id, againMs);
  }

  /** Somebody leads the run, or it is over. */
  forget(id: string): void {
    this.#until.delete(id);
  }

  #leave(id: string, ms: number): void {
    this.#until.set(id, performance.now() + ms);
    setTimeout(this.#wake, ms + 1).unref();
  }
}
