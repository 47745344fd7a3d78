import { ArchitechError } from "@architech/protocol";
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
  readonly #limits: Required<QueueLimits>;
  readonly #waiting: Run[] = [];
  readonly #running = new Set<Run>();

  constructor({ maxRunning = 4, maxQueued = 100 }: QueueLimits) {
    this.#limits = { maxRunning, maxQueued };
  }

  /** Throws `too-many-runs` where no more of this user may wait. */
  checkRoom(user: string): void {
    const { maxQueued } = this.#limits;
    if (this.#waiting.filter((run) => run.user === user).length >= maxQueued)
      throw new ArchitechError("too-many-runs", `${maxQueued} runs are waiting already: try again later`);
  }

  add(run: Run): void {
    this.#waiting.push(run);
  }

  /** The next one has its turn from now on; undefined where none has. */
  next(): Run | undefined {
    const hasRoom = this.#running.size < this.#limits.maxRunning;
    const run = nextOfUsers(this.#waiting, [...this.#running], hasRoom);
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
