import { mostTasks } from "./chunk.js";

/** What a chunk of few workers takes at least, and at most: long against what handing it out costs, short against what a reader waits for. */
const leastMs = 250;
const mostMs = 1_000;

/** What is out at once should be done in about this time, so that the next run has its turn. */
const outMs = 4_000;

/** Chunks that come back in a second, at most, so that whoever leads a run keeps up with any number of workers. */
const mostASecond = 100;

/** What a chunk takes at most, however many workers there are: its last row comes no sooner. */
const longestMs = 20_000;

/** What a chunk takes at least as the end of a run comes near. */
const lastMs = 50;

/** Single tasks that are out at once at first, at least. */
const firstChunks = 4;

/** What the size of a chunk depends on. */
export interface ChunkSetting {
  /** Tasks of the run that are not handed out. */
  readonly left: number;
  /** Threads of all workers. */
  readonly threads: number;
  /** Chunks that may be out at once. */
  readonly share: number;
}

/** How many tasks to hand out at once, as their times become known. */
export class ChunkSize {
  readonly #tiny: boolean;
  #meanMs: number | undefined;

  /** `tiny`: all tasks together take no longer than a chunk should. */
  constructor(tiny: boolean) {
    this.#tiny = tiny;
  }

  /** One task at a time until the first have come back: those show what there is to see. */
  next({ left, threads, share }: ChunkSetting): number {
    if (this.#meanMs === undefined)
      return this.#tiny ? Math.max(1, Math.min(mostTasks, Math.ceil(left / Math.max(1, threads)))) : 1;
    const meanMs = Math.max(this.#meanMs, 1e-3);
    const fairMs = Math.min(mostMs, Math.max(leastMs, (outMs * threads) / share));
    const leaderMs = (1000 * threads) / mostASecond;
    const goalMs = Math.min(longestMs, Math.max(fairMs, leaderMs));
    // Each takes half of what is left for each thread, so that all of them end at about the same time. (Factoring: Hummel,
    // Schonberg and Flynn, Communications of the ACM 35(8), 1992.)
    const part = left / Math.max(1, threads);
    const endMs = Math.max(lastMs, leaderMs, threads > 1 ? (part / 2) * meanMs : Number.POSITIVE_INFINITY);
    return Math.max(1, Math.min(mostTasks, Math.round(Math.min(Math.min(goalMs, endMs) / meanMs, part))));
  }

  /** How many chunks may be out: of single tasks no more than it takes for each thread to have the next one waiting. */
  out({ threads, share }: ChunkSetting): number {
    return this.#meanMs === undefined && threads > 0 ? Math.min(share, Math.max(firstChunks, 2 * threads)) : share;
  }

  /** So many tasks took so long. */
  took(count: number, busyMs: number): void {
    const mean = busyMs / count;
    // Later tasks count for more: a sweep goes from light loads to heavy ones.
    this.#meanMs = this.#meanMs === undefined ? mean : this.#meanMs * 0.7 + mean * 0.3;
  }
}
