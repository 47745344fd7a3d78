import { checkQueued } from "./run-host.js";
import { nextOfUsers, type OfUser } from "./user-turns.js";

/** How many runs are worked on at once, and wait. */
export interface QueueLimits {
  /** Runs worked on at once; further ones wait, but for the first of a user. Default 4. */
  readonly maxRunning?: number;
  /** Runs of one user that may wait. Default 100. */
  readonly maxQueued?: number;
}

/** Runs that wait for their turn, and those that have it. */
export class RunQueue<Run extends OfUser> {
  readonly #limits: QueueLimits;
  readonly #waiting: Run[] = [];
  readonly #running = new Set<Run>();

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Throws `too-many-runs` where no more of this user may wait. */
  checkRoom(user: string): void {
    checkQueued(this.#waiting.filter((run) => run.user === user).length, this.#limits.maxQueued);
  }

  add(run: Run): void {
    this.#waiting.push(run);
  }

  /** The next one has its turn from now on; undefined where none has. */
  next(): Run | undefined {
    const { maxRunning = 4 } = this.#limits;
    const run = nextOfUsers(this.#waiting, [...this.#running], this.#running.size < maxRunning);
    if (run === undefined) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(run), 1);
    this.#running.add(run);
    return run;
  }

  /** False where it did not wait: it has had its turn, or has left already. */
  leave(run: Run): boolean {
    const place = this.#waiting.indexOf(run);
    if (place >= 0) this.#waiting.splice(place, 1);
    return place >= 0;
  }

  /** One that had its turn is over. */
  ended(run: Run): void {
    this.#running.delete(run);
  }

  /** Nothing that waits has its turn any more. */
  close(): void {
    this.#waiting.length = 0;
  }
}
