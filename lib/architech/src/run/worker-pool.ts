import { availableParallelism } from "node:os";
import { ArchitechError } from "@architech/protocol";
import { InlineLane } from "./inline-lane.js";
import type { Job, JobSource } from "./job.js";
import type { TaskPool } from "./task-pool.js";
import { type Attempts, ThreadLane } from "./thread-lane.js";
import { UserTurns } from "./user-turns.js";

/** How a pool works. */
export interface PoolOptions {
  /** Worker threads; 0 works in this thread. Default: as many as the machine has processors. */
  readonly workers?: number;
  /** Whether tiny work may be done in this thread while no worker is warm: right for a script, not
   * for a server that has others to answer. Default false. */
  readonly inline?: boolean;
  /** Module that exports `simulate(task)`, as a URL. Default: the engine. */
  readonly simulator?: string;
}

/** A task that has crashed so many threads is not tried again. */
const crashesAllowed = 2;

/** Warm worker threads that draw tasks from runs, each user in turn and of each user each run. Threads start when there is work and stay. */
export class WorkerPool implements TaskPool {
  readonly size: number;
  readonly ahead: number = 256;
  readonly #simulator: string | undefined;
  readonly #inline: InlineLane;
  readonly #mayInline: boolean;
  readonly #threads = new Set<ThreadLane>();
  readonly #attempts = new WeakMap<Job, Attempts>();
  readonly #crashes = new WeakMap<Job, number>();
  #again: { source: JobSource; job: Job }[] = [];
  readonly #sources = new UserTurns<JobSource>();
  #stopped = false;

  constructor({ workers = availableParallelism(), inline = false, simulator }: PoolOptions = {}) {
    if (!Number.isInteger(workers) || workers < 0 || workers > 1024)
      throw new ArchitechError("invalid-argument", `workers is a whole number from 0 to 1024, not ${workers}`);
    this.size = workers;
    this.#simulator = simulator;
    this.#mayInline = inline;
    this.#inline = new InlineLane(simulator);
  }

  /** Threads that simulate now, this one among them where it does. */
  get busy(): number {
    return [this.#inline, ...this.#threads].filter((lane) => lane.busy).length;
  }

  attach(source: JobSource): void {
    this.#sources.add(source);
    this.wake();
  }

  detach(source: JobSource): void {
    this.#sources.remove(source);
    this.#again = this.#again.filter((retry) => retry.source !== source);
    for (const lane of [this.#inline, ...this.#threads]) lane.forget(source.run);
  }

  wake(): void {
    while (!this.#stopped && this.#dispatch());
  }

  /** Threads that do not react to the stop of their task soon are ended by force. */
  expectStop(): void {
    for (const lane of this.#threads) if (lane.busy) lane.expectStop();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#threads].map((lane) => lane.stop()));
  }

  #dispatch(): boolean {
    const idle = [...this.#threads].find((lane) => !lane.busy);
    const threads = idle !== undefined || this.#threads.size < this.size;
    const taken = this.#draw(idle !== undefined, threads);
    if (taken === undefined) return false;
    const { source, job } = taken;
    if (this.#isInline(source, idle !== undefined)) {
      this.#inline.start(source, job, () => this.wake());
      return true;
    }
    const lane = idle ?? this.#thread();
    lane.start(source, job, (outcome) => {
      if (outcome === "crashed") this.#crashed(source, job, lane.error);
      if (outcome === "lost") this.#goOn(source, job);
      this.wake();
    });
    return true;
  }

  /** Whether this thread works on a run's tasks. Tiny runs wait for it rather than start another; `warm`: one is idle. */
  #isInline({ here, tiny }: JobSource, warm: boolean): boolean {
    return here || this.size === 0 || (this.#mayInline && tiny && !warm);
  }

  /** The next task of the run whose turn it is, of those that a lane is free for. `threads`: one of them is, or can be started. */
  #draw(warm: boolean, threads: boolean): { source: JobSource; job: Job } | undefined {
    const isFree = (source: JobSource): boolean =>
      this.#isInline(source, warm) ? !this.#inline.busy && (source.here || this.size === 0 || threads) : threads;
    const again = this.#again.findIndex(({ source }) => isFree(source));
    if (again >= 0) return this.#again.splice(again, 1)[0];
    return this.#sources.draw((source) => {
      const job = isFree(source) ? source.next() : undefined;
      return job && { source, job };
    });
  }

  #thread(): ThreadLane {
    const lane: ThreadLane = new ThreadLane(this.#simulator, this.#attempts, () => this.#threads.delete(lane));
    this.#threads.add(lane);
    return lane;
  }

  /** Others that had parts of it are gone. */
  #goOn(source: JobSource, job: Job): void {
    if (this.#stopped || Atomics.load(job.control, 0) === 1) job.end(undefined);
    else this.#again.push({ source, job });
  }

  #crashed(source: JobSource, job: Job, cause: Error | undefined): void {
    const crashes = (this.#crashes.get(job) ?? 0) + 1;
    this.#crashes.set(job, crashes);
    const stopped = Atomics.load(job.control, 0) === 1;
    if (stopped || this.#stopped) job.end(undefined);
    else if (crashes < crashesAllowed) this.#again.push({ source, job });
    else
      job.end(
        undefined,
        new ArchitechError(
          "worker-crashed",
          `the worker of replication ${job.task.replication} of point ${job.task.point} crashed ${crashes} times${cause === undefined ? "" : `: ${cause.message}`}`,
          { cause },
        ),
      );
  }
}
