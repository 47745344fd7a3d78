/** Retries that a quiet gateway has at hand, and gets back in a second. */
const floor = 10;
/** Of all requests, this share may be tried again. */
const share = 0.2;
const most = 1_000;

/** Bounds how many requests are tried again, so that a cluster that fails is not asked twice as much. */
export class RetryBudget {
  readonly #now: () => number;
  #left = floor;
  /** How many were tried again. */
  spent = 0;
  #at: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
  }

  /** A request has come. */
  earn(): void {
    this.#left = Math.min(most, this.#left + share);
  }

  /** Whether one may be tried again; it is counted. */
  spend(): boolean {
    const now = this.#now();
    if (this.#left < floor) this.#left = Math.min(floor, this.#left + ((now - this.#at) / 1000) * floor);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    this.spent += 1;
    return true;
  }
}
