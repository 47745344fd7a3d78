import { randomUUID } from "node:crypto";
import { ArchitechError, errorFrom, type Progress, type RunInfo } from "@architech/protocol";
import type { FinalState, RunEnd } from "../experiment/stream-source.js";
import { cacheKey } from "./cache-key.js";
import { Execution } from "./execution.js";
import { KeptRuns } from "./kept-runs.js";
import { type OpenRun, takeUp } from "./left-run.js";
import { type Plan, planRun } from "./plan.js";
import { thisProcess } from "./process-mark.js";
import type { RetentionLimits } from "./retention.js";
import { queuedRun, type RunHost, runExists, runNotFound, sharedRun } from "./run-host.js";
import type { OpenFile } from "./run-log.js";
import { type QueueLimits, RunQueue } from "./run-queue.js";
import { RunReaders } from "./run-readers.js";
import { ownerOf, type RunRecord, RunStore } from "./run-store.js";
import { singly } from "./singly.js";
import type { TaskPool } from "./task-pool.js";
import { localUser } from "./user-turns.js";
import { type PoolOptions, WorkerPool } from "./worker-pool.js";

/** How a service keeps and works on runs. */
export interface RunServiceOptions extends PoolOptions, QueueLimits, RetentionLimits {
  /** Folder of the runs; made when missing. */
  readonly folder: string;
  /** A task that takes longer is kept on the way as often, ms of wall time. Default 20,000. */
  readonly checkpointMs?: number;
  /** Opens the streams' files. For tests of failing disks. */
  readonly openFile?: OpenFile;
}

interface ActiveRun extends OpenRun {
  readonly user: string;
  record: RunRecord;
  readonly ended: Promise<RunEnd>;
  readonly finish: (end: RunEnd) => void;
  execution?: Execution;
}

/** How often progress is reported. */
const progressMs = 100;

/** What the threads of a service of runs do now, and have done. */
export interface PoolWork {
  readonly threads: number;
  /** Of them those that simulate. */
  readonly busy: number;
  /** Tasks that have ended, and events that were simulated for them. */
  readonly tasks: number;
  readonly events: number;
}

/** Runs: started, queued, worked on by a pool, kept on disk, read by anyone, served again when already known. */
export class RunService implements RunHost {
  /** What was done for runs that are over. */
  readonly #ended = { tasks: 0, events: 0 };
  readonly #options: RunServiceOptions;
  readonly #store: RunStore;
  readonly #pool: WorkerPool;
  /** Where a run has asked for it. */
  #gpu: TaskPool | undefined;
  readonly #readers: RunReaders;
  readonly #kept: KeptRuns;
  readonly #active = new Map<string, ActiveRun>();
  readonly #starting = new Map<string, Promise<RunInfo>>();
  readonly #queue: RunQueue<ActiveRun>;

  private constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#store = new RunStore(options.folder, options.openFile);
    this.#pool = new WorkerPool(options);
    this.#readers = new RunReaders((id) => this.#store.open(id));
    this.#kept = new KeptRuns(options);
    this.#queue = new RunQueue(options);
  }

  /** A service over a folder, with the runs that it holds already. It goes on with those that were under way. */
  static async open(options: RunServiceOptions): Promise<RunService> {
    const service = new RunService(options);
    const { over, left } = await service.#store.load();
    for (const record of over) service.#kept.add(record);
    for (const record of left) await service.#resume(record);
    return service;
  }

  /** Goes on with a run that its process has left, or ends it. */
  async #resume(record: RunRecord): Promise<void> {
    try {
      this.#queueUp(
        await takeUp(record, this.#store, { checkpointMs: this.#checkpointMs, ready: (plan) => this.#ready(plan) }),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#kept.add(await this.#store.interrupt(record, why));
    }
  }

  get #checkpointMs(): number {
    return this.#options.checkpointMs ?? 20_000;
  }

  /** What its threads do now, and have done since it was opened. */
  get work(): PoolWork {
    let { tasks, events } = this.#ended;
    for (const { execution } of this.#active.values()) {
      tasks += Math.floor(execution?.progress.done ?? 0);
      events += execution?.progress.events ?? 0;
    }
    return { threads: Math.max(1, this.#pool.size), busy: this.#pool.busy, tasks, events };
  }

  /** Rows that are known already are shared. */
  async start(request: unknown, { user = localUser }: { readonly user?: string } = {}): Promise<RunInfo> {
    const plan = await planRun(request);
    await this.#ready(plan);
    const id = plan.request.id ?? newRunId();
    const before = this.#starting.get(id);
    const started =
      before === undefined ? this.#startNew(id, plan, user) : before.then(() => this.#again(id, plan, user));
    this.#starting.set(id, started);
    try {
      return await started;
    } finally {
      if (this.#starting.get(id) === started) this.#starting.delete(id);
    }
  }

  /** Throws `gpu-missing` or `gpu-unavailable` rather than start what cannot go on. */
  async #ready({ options }: Plan): Promise<void> {
    if (options.device !== "gpu") return;
    const { GpuPool } = await import("./gpu-pool.js");
    await GpuPool.check();
    this.#gpu ??= new GpuPool();
  }

  async info(id: string, user?: string): Promise<RunInfo> {
    const record = this.#active.get(id)?.record ?? this.#kept.get(id);
    if (user !== undefined && ownerOf(record) !== user) throw runNotFound(id);
    return this.#info(id);
  }

  #info(id: string): RunInfo {
    const active = this.#active.get(id);
    if (active === undefined) return this.#kept.get(id).info;
    const { frames, bytes } = active.log;
    const progress = active.execution?.progress;
    return {
      ...active.record.info,
      frames,
      bytes,
      ...(progress === undefined ? {} : { done: Math.floor(progress.done), total: progress.total }),
    };
  }

  async list(user?: string): Promise<RunInfo[]> {
    const active = [...this.#active.values()].map(({ record }) => record);
    return [...this.#kept.all(), ...active]
      .filter((record) => user === undefined || ownerOf(record) === user)
      .map(({ info }) => this.#info(info.id))
      .sort((a, b) => b.created - a.created);
  }

  async cancel(id: string): Promise<RunInfo> {
    const active = this.#active.get(id);
    if (active === undefined) return this.#kept.get(id).info;
    if (active.execution !== undefined) active.execution.cancel();
    else if (this.#queue.leave(active)) await this.#over(active, { state: "cancelled" });
    await active.ended;
    return this.#info(id);
  }

  async delete(id: string): Promise<void> {
    await this.cancel(id);
    this.#kept.delete(id);
    await this.#readers.forget(id);
    await this.#store.remove(id);
  }

  async tables(id: string): Promise<readonly number[]> {
    const active = this.#active.get(id);
    return active === undefined
      ? this.#readers.use(this.#kept.get(id).info.id, async (log) => log.tables)
      : active.log.tables;
  }

  async *frames(id: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    yield* singly(this.pieces(id, offset, signal), signal);
  }

  async *pieces(id: string, offset = 0, signal?: AbortSignal): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    const active = this.#active.get(id);
    if (active === undefined) yield* this.#readers.read(this.#kept.get(id).info.id, offset, signal);
    else yield* this.#readers.reading(id, active.log.pieces(offset, signal));
  }

  async ended(id: string): Promise<RunEnd> {
    const active = this.#active.get(id);
    if (active !== undefined) return active.ended;
    const { state, error, parts } = this.#kept.get(id).info;
    return {
      state: state as FinalState,
      ...(error === undefined ? {} : { error: errorFrom(error) }),
      ...(parts === undefined ? {} : { parts }),
    };
  }

  onProgress(id: string, listener: (progress: Progress) => void): () => void {
    const active = this.#active.get(id);
    if (active === undefined) return () => {};
    const report = (): void => {
      if (active.execution !== undefined) listener(active.execution.progress);
    };
    const timer = setInterval(report, progressMs);
    timer.unref();
    const stop = (): void => clearInterval(timer);
    void active.ended.then(() => {
      stop();
    });
    report();
    return stop;
  }

  /** Stops everything. Runs under way are left as a crash would leave them, and reported so at the next start. */
  async close(): Promise<void> {
    this.#queue.close();
    await this.#pool.close();
    const error = new ArchitechError("run-interrupted", "the service that worked on this run was closed");
    for (const { log, tasks, finish } of this.#active.values()) {
      await Promise.all([log.close(), tasks.idle()]);
      finish({ state: "failed", error });
    }
    await this.#readers.close();
  }

  async #again(id: string, plan: Plan, user: string): Promise<RunInfo> {
    const record = this.#active.get(id)?.record ?? this.#kept.get(id);
    if (!plan.here && record.key === cacheKey(plan) && ownerOf(record) === user) return this.#info(id);
    throw runExists(id);
  }

  async #startNew(id: string, plan: Plan, user: string): Promise<RunInfo> {
    if (this.#active.has(id) || this.#kept.has(id)) return this.#again(id, plan, user);
    const key = cacheKey(plan);
    const { request } = plan;
    const known = request.options.cache === false || plan.here ? undefined : this.#kept.known(key);
    if (known !== undefined) {
      const record: RunRecord = { info: sharedRun(id, known.info), key, ...thisProcess, user };
      await this.#store.share(record, request, known.info.id);
      this.#kept.add(record);
      return record.info;
    }
    this.#queue.checkRoom(user);
    const record: RunRecord = { info: queuedRun(id, plan), key, ...thisProcess, user };
    const log = await this.#store.create(record, request);
    this.#queueUp({ record, plan, log, tasks: this.#store.begunTasks(id, this.#checkpointMs) });
    return this.#info(id);
  }

  #queueUp(run: OpenRun): void {
    let finish: (end: RunEnd) => void = () => {};
    const ended = new Promise<RunEnd>((resolve) => (finish = resolve));
    const { info } = run.record;
    const active: ActiveRun = { ...run, user: ownerOf(run.record), ended, finish };
    this.#active.set(info.id, active);
    this.#queue.add(active);
    this.#startQueued();
  }

  #startQueued(): void {
    for (let active = this.#queue.next(); active !== undefined; active = this.#queue.next()) this.#begin(active);
  }

  #begin(active: ActiveRun): void {
    active.record = { ...active.record, info: { ...active.record.info, state: "running" } };
    // A disk that is full already shows in the stream, so a state that cannot be written here is no reason to stop.
    void this.#store.save(active.record).catch(() => {});
    const pool = active.plan.options.device === "gpu" ? this.#gpu! : this.#pool;
    const { record, plan, log, user, begun, tasks } = active;
    const execution = new Execution(record.info.id, plan, log, pool, {
      user,
      tasks,
      ...(begun === undefined ? {} : { begun }),
    });
    active.execution = execution;
    void execution.ended.then((end) => this.#over(active, end));
    execution.start();
  }

  async #over(active: ActiveRun, end: RunEnd): Promise<void> {
    const { id } = active.record.info;
    await Promise.all([active.log.end(), active.tasks.clear()]);
    const { frames, bytes, done, total } = this.#info(id);
    const info: RunInfo = {
      ...active.record.info,
      state: end.state,
      frames,
      bytes,
      done,
      total,
      ended: Date.now(),
      ...(end.error === undefined ? {} : { error: end.error.toJSON() }),
      ...(end.parts === undefined ? {} : { parts: end.parts }),
    };
    const { key, ...rest } = active.record;
    const reusable = end.state === "done" && active.execution?.reproducible === true;
    const record: RunRecord = { ...rest, info, ...(reusable && key !== undefined ? { key } : {}) };
    await this.#store.save(record).catch(() => {});
    this.#ended.tasks += Math.floor(active.execution?.progress.done ?? 0);
    this.#ended.events += active.execution?.progress.events ?? 0;
    this.#active.delete(id);
    this.#queue.ended(active);
    this.#kept.add(record);
    this.#readers.closeWhenUnread(id, active.log);
    active.finish(end);
    this.#startQueued();
    await this.#retain();
  }

  /** Deletes the oldest runs that nobody reads, while there are too many or they are too large. */
  async #retain(): Promise<void> {
    for (const id of this.#kept.dropSurplus((run) => this.#readers.isRead(run)))
      await this.#store.remove(id).catch(() => {});
  }
}

/** A name for a new run. */
export function newRunId(): string {
  return randomUUID();
}
