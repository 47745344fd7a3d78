/**
 * The time of day as it was when the bus was opened, running on by a clock that nobody can set: a jump of the system's
 * clock neither ends a lease nor forgets an id. A time that was stored counts as no later than now.
 */
export class SteadyClock {
  readonly #start: number;
  readonly #zero: number = performance.now();

  constructor(wallClock: () => number = Date.now) {
    this.#start = wallClock();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#start + (performance.now() - this.#zero);
  }

  /** How long ago a stored time was, ms. */
  since(time: number): number {
    return Math.max(0, this.now() - time);
  }
}
