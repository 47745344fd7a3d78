/**
 * Until when each of several parts may run by itself: conservative windows of time (Chandy and Misra, 1979; Bryant,
 * 1977). A part can be reached by nothing before the next event of another has come and a message of it has travelled.
 */
export class Windows {
  readonly #parts: number;
  readonly #latencies: Float64Array;
  readonly #earliest: Float64Array;

  /** `latencies`: the least time from one part to another, by `from × parts + to`; Infinity where nothing goes. */
  constructor(parts: number, latencies: Float64Array) {
    this.#parts = parts;
    this.#latencies = latencies;
    this.#earliest = new Float64Array(parts);
  }

  /**
   * The time before which nothing reaches a part, and at which something may. `next`: when something happens next in
   * each, messages under way included. Sums are rounded as those of the messages are, so they are never too late.
   */
  horizon(part: number, next: Float64Array): number {
    const n = this.#parts;
    const earliest = this.#earliest;
    earliest.set(next);
    // What happens in one may wake another: at most so many hand it on.
    for (let round = 1, changed = true; round < n && changed; round++) {
      changed = false;
      for (let from = 0; from < n; from++)
        for (let to = 0; to < n; to++) {
          const arrives = earliest[from]! + this.#latencies[from * n + to]!;
          if (arrives < earliest[to]!) {
            earliest[to] = arrives;
            changed = true;
          }
        }
    }
    let horizon = Number.POSITIVE_INFINITY;
    for (let from = 0; from < n; from++)
      horizon = Math.min(horizon, earliest[from]! + this.#latencies[from * n + part]!);
    return horizon;
  }
}

const bits = new Float64Array(1);
const words = new BigInt64Array(bits.buffer);

/** The largest double below a positive one. */
export function before(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  bits[0] = x;
  words[0] = words[0]! - 1n;
  return bits[0];
}
