import { ArchitechError, requestLimits, unpackMessage } from "@architech/protocol";
import {
  type Job,
  type JobSource,
  type Plan,
  partsOf,
  planRun,
  type TableShape,
  type WorkerPool,
} from "architech/host";
import type { Objects } from "../bus/bus.js";
import type { Chunk } from "../cluster/chunk.js";
import type { ChunkResult } from "../cluster/chunk-result.js";
import { ChunkWork, type ChunkWorkOptions, type SomeTasks } from "./chunk-work.js";

/** What is done here of one run: its chunks, as a pool of threads draws their tasks. */
export class RunWork implements JobSource {
  readonly run: string;
  /** The queue has its chunks in an order that is fair between users: here each run has its turn. */
  readonly user: string;
  readonly shape: TableShape;
  readonly cutMs: number;
  readonly metric: number;
  readonly tiny: boolean;
  readonly here: boolean = false;
  readonly plan: Plan;
  readonly #pool: WorkerPool;
  readonly #works = new Set<ChunkWork>();
  #users = 0;
  #isClosed = false;

  constructor(run: string, plan: Plan, pool: WorkerPool) {
    this.run = run;
    this.user = run;
    this.shape = plan.shape;
    this.cutMs = plan.cutMs;
    this.metric = plan.precision?.metric ?? 0;
    this.tiny = plan.tiny;
    this.plan = plan;
    this.#pool = pool;
    pool.attach(this);
  }

  /** Other workers that may have a part of each task. */
  get mayHelp(): number {
    const parts = partsOf(this.plan, this.#pool.size, Number.POSITIVE_INFINITY);
    return typeof parts === "object" && parts.across === "workers" ? parts.most - 1 : 0;
  }

  /** Does something with it; meanwhile it is not forgotten. */
  async use<T>(act: (work: RunWork) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await act(this);
    } finally {
      this.#users--;
    }
  }

  /** Simulates some tasks; undefined when they were stopped, or it is closed already. `threads`: see `ChunkWorkOptions`; by default all that there are. */
  async simulate(
    some: SomeTasks,
    { threads = this.#pool.size, ...how }: Pick<ChunkWorkOptions, "keeper"> & Partial<ChunkWorkOptions>,
  ): Promise<ChunkResult | undefined> {
    if (this.#isClosed) return undefined;
    const work = new ChunkWork(this.plan, some, { ...how, threads });
    this.#works.add(work);
    this.#pool.wake();
    const tasks = await work.done;
    this.#works.delete(work);
    return tasks && { busyMs: work.busyMs, tasks };
  }

  next(): Job | undefined {
    for (const work of this.#works) {
      const job = work.next();
      if (job !== undefined) return job;
    }
    return undefined;
  }

  /** Stops what is under way, and is drawn from no more. */
  close(): void {
    this.#isClosed = true;
    for (const work of this.#works) work.stop();
    if (this.#works.size > 0) this.#pool.expectStop();
    this.#pool.detach(this);
  }

  get isBusy(): boolean {
    return this.#users > 0 || this.#works.size > 0;
  }
}

/** Runs that are remembered when nothing of them is in work. */
const idleRuns = 8;

/** The runs of which something is done here, or was a moment ago: the plan of each is made once, from its request. */
export class RunWorks {
  readonly #requests: Objects;
  readonly #pool: WorkerPool;
  /** By request: a run that was deleted may have left its id to another. The latest used come last. */
  readonly #works = new Map<string, { readonly run: string; readonly work: Promise<RunWork> }>();

  constructor(requests: Objects, pool: WorkerPool) {
    this.#requests = requests;
    this.#pool = pool;
  }

  /** `inline`: the request, where it is at hand. Throws `storage-failed` when it is gone, and what is wrong with it. */
  async of({ run, request, inline }: Pick<Chunk, "run" | "request" | "inline">): Promise<RunWork> {
    let entry = this.#works.get(request);
    if (entry === undefined) {
      entry = { run, work: this.#begin(run, request, inline) };
      entry.work.catch(() => this.#works.delete(request));
    }
    this.#works.delete(request);
    this.#works.set(request, entry);
    await this.#forget();
    return entry.work;
  }

  /** The runs, by their requests, of which something is done at this moment. */
  async busy(): Promise<readonly { readonly run: string; readonly request: string }[]> {
    const entries = await Promise.all(
      [...this.#works].map(async ([request, { run, work }]) => {
        const begun = await work.catch(() => undefined);
        return begun?.isBusy === true ? [{ run, request }] : [];
      }),
    );
    return entries.flat();
  }

  /** A run is over, or one of its requests where one is named. */
  async close(run: string, request?: string): Promise<void> {
    const over = [...this.#works].filter(([of, work]) => work.run === run && (request === undefined || of === request));
    await Promise.all(over.map(([of]) => this.#close(of)));
  }

  async #close(request: string): Promise<void> {
    const entry = this.#works.get(request);
    this.#works.delete(request);
    (await entry?.work.catch(() => undefined))?.close();
  }

  async #forget(): Promise<void> {
    for (const [request, entry] of this.#works) {
      if (this.#works.size <= idleRuns) return;
      const work = await entry.work.catch(() => undefined);
      if (work?.isBusy === false) await this.#close(request);
    }
  }

  async #begin(run: string, request: string, inline: string | undefined): Promise<RunWork> {
    const bytes = inline === undefined ? await this.#requests.get(request) : Buffer.from(inline, "base64");
    if (bytes === undefined) throw new ArchitechError("storage-failed", `the request of run ${run} is gone`);
    return new RunWork(run, await planRun(unpackMessage(bytes, requestLimits)), this.#pool);
  }
}
