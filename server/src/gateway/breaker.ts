/** Failures in a row that open it; a refused connection does so at once, since nobody listens. */
const limit = 3;
const firstMs = 1_000;
const capMs = 30_000;

/** How a request to a service failed. */
export type Failure = "refused" | "reset" | "timeout";

/** A circuit breaker: while it is open its service is not asked, and then with one question first. */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #opened = 0;
  #until = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#opened > 0;
  }

  /** Whether it is time for the question that may close it. */
  get mayProbe(): boolean {
    return this.isOpen && this.#now() >= this.#until;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#opened = 0;
  }

  failed(how: Failure): void {
    this.#failures += 1;
    if (how !== "refused" && this.#failures < limit && !this.isOpen) return;
    // What was under way when it opened does not count against it again.
    if (this.isOpen && this.#now() < this.#until) return;
    this.#until = this.#now() + Math.min(capMs, firstMs * 2 ** this.#opened);
    this.#opened += 1;
  }
}
