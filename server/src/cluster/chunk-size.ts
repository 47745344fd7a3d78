import { mostTasks } from "./chunk.js";

/** What a chunk should take: long against what handing it out costs, short against what a reader waits for. */
const goalMs = 250;

/** How many tasks to hand out at once, as their times become known. */
export class ChunkSize {
  #meanMs: number | undefined;

  /** One task at a time until the first have come back: those show what there is to see. */
  get next(): number {
    if (this.#meanMs === undefined) return 1;
    return Math.max(1, Math.min(mostTasks, Math.round(goalMs / Math.max(this.#meanMs, 1e-3))));
  }

  /** So many tasks took so long. */
  took(count: number, busyMs: number): void {
    const mean = busyMs / count;
    // Later tasks count for more: a sweep goes from light loads to heavy ones.
    this.#meanMs = this.#meanMs === undefined ? mean : this.#meanMs * 0.7 + mean * 0.3;
  }
}
