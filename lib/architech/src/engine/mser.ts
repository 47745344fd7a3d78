import type { Notes } from "./notes.js";

/** The most batch means kept; beyond, neighbours are merged and a batch holds twice as many observations. */
const maxBatches = 4096;

/**
 * The MSER-5 rule for the warm-up (White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics
 * for simulation", 2000): of all truncations in the first half, the one after which the mean has the least standard
 * error. Observations come in means of five; memory stays bounded by merging neighbours.
 */
export class Mser {
  readonly #means = new Float64Array(maxBatches);
  readonly #ends = new Float64Array(maxBatches);
  #count = 0;
  /** How many means of five make one batch now. */
  #size = 1;
  #sum = 0;
  #filled = 0;

  /** Adds the mean of the next five observations, the last of which was made at this time. */
  add(mean: number, at: number): void {
    this.#sum += mean;
    this.#filled++;
    if (this.#filled < this.#size) return;
    this.#means[this.#count] = this.#sum / this.#size;
    this.#ends[this.#count] = at;
    this.#count++;
    this.#sum = 0;
    this.#filled = 0;
    if (this.#count === maxBatches) this.#merge();
  }

  /** Writes down what was observed, or goes on from what was written. */
  keep(notes: Notes): void {
    this.#count = notes.number(this.#count);
    this.#size = notes.number(this.#size);
    this.#sum = notes.number(this.#sum);
    this.#filled = notes.number(this.#filled);
    this.#means.set(notes.doubles(this.#means.subarray(0, this.#count)));
    this.#ends.set(notes.doubles(this.#ends.subarray(0, this.#count)));
  }

  /** The time before which observations are left out. */
  cut(): number {
    const n = this.#count;
    let sum = 0;
    let squares = 0;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let d = n - 1; d >= 0; d--) {
      const x = this.#means[d]!;
      sum += x;
      squares += x * x;
      if (d > n / 2) continue;
      const kept = n - d;
      const error = (squares - (sum * sum) / kept) / (kept * kept);
      if (error <= least) {
        least = error;
        best = d;
      }
    }
    return best === 0 ? 0 : this.#ends[best - 1]!;
  }

  #merge(): void {
    for (let i = 0; i < maxBatches / 2; i++) {
      this.#means[i] = (this.#means[2 * i]! + this.#means[2 * i + 1]!) / 2;
      this.#ends[i] = this.#ends[2 * i + 1]!;
    }
    this.#count = maxBatches / 2;
    this.#size *= 2;
  }
}
