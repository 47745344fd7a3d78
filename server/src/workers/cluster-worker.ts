import { randomUUID } from "node:crypto";
import { ArchitechError, errorFrom, pause } from "@architech/protocol";
import { type PoolOptions, WorkerPool } from "architech/host";
import type { Bus, Delivery } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import { readable } from "../bus/message-format.js";
import { Wakeup } from "../bus/wakeup.js";
import { Announcement } from "../cluster/announcement.js";
import { type Chunk, chunks, resultKey } from "../cluster/chunk.js";
import { type ChunkResult, packResult, type TaskOutcome } from "../cluster/chunk-result.js";
import { ClusterBus, chunkAckWaitMs } from "../cluster/cluster-bus.js";
import { packLarge } from "../cluster/large-value.js";
import type { PartOffer } from "../cluster/part-messages.js";
import { type RunLane, runLanes } from "../cluster/run-lane.js";
import { isUnreadable } from "../cluster/unreadable.js";
import { packNote, workerTtlMs } from "../cluster/worker-registry.js";
import type { Log } from "../log.js";
import { Metrics } from "../metrics/metrics.js";
import { noTracing, type Tracing } from "../tracing/tracing.js";
import { ChunkKeeper } from "./chunk-keeper.js";
import type { TaskEnded } from "./chunk-work.js";
import { OpenRuns } from "./open-runs.js";
import { PartHelper } from "./part-helper.js";
import { type RunWork, RunWorks } from "./run-work.js";
import { SharedTask } from "./shared-task.js";
import { Suspicion } from "./suspicion.js";
import { taskSpans } from "./task-spans.js";
import { WorkerCounts } from "./worker-counts.js";

/** How a worker works. */
export interface ClusterWorkerOptions extends PoolOptions {
  readonly bus: Bus;
  readonly log: Log;
  /** Where it counts what it does. */
  readonly metrics?: Metrics;
  /** Wall time after which a task that still runs is kept on the bus as far as it is, and then again, ms. Default 20,000. */
  readonly checkpointMs?: number;
  readonly tracing?: Tracing;
  /** See `RunRecord.version`. By default that of this engine. */
  readonly version?: string;
}

const defaultCheckpointMs = 20_000;

/** How long a chunk waits that this worker cannot do. */
const retryMs = 2_000;

/** How long a chunk waits that only workers of another version may do. */
const foreignRetryMs = 250;

/** Takes chunks of tasks from the bus, simulates them on threads, and puts what came of them where their run's coordinator finds it. It keeps nothing: it may be killed at any moment. */
export class ClusterWorker {
  readonly id: string = randomUUID();
  readonly #bus: ClusterBus;
  readonly #log: Log;
  readonly #checkpointMs: number;
  readonly #tracing: Tracing;
  readonly #pool: WorkerPool;
  readonly #works: RunWorks;
  readonly #open: OpenRuns;
  readonly #suspicion: Suspicion;
  readonly #counts: WorkerCounts;
  readonly #announcement: Announcement;
  readonly #helper: PartHelper;
  /** Stops the take under way, since there is less to take, or more. */
  #retake = new AbortController();
  readonly #roomChanged = new Wakeup();
  readonly #since = Date.now();
  readonly #stopTaking = new AbortController();
  readonly #stopHearing = new AbortController();
  /** Chunks in work, and their lanes. */
  readonly #inWork = new Map<Promise<void>, RunLane>();
  readonly #acks = new Set<Promise<void>>();
  #taking: Promise<void> | undefined;

  constructor(options: ClusterWorkerOptions) {
    this.#bus = new ClusterBus(options.bus, options.version);
    this.#log = options.log;
    this.#checkpointMs = options.checkpointMs ?? defaultCheckpointMs;
    this.#tracing = options.tracing ?? noTracing;
    this.#pool = new WorkerPool(options);
    this.#works = new RunWorks(this.#bus.requests, this.#pool);
    this.#open = new OpenRuns(this.#bus.records);
    this.#suspicion = new Suspicion(this.#bus.suspects);
    this.#counts = new WorkerCounts(options.metrics ?? new Metrics(), {
      threads: () => this.threads,
      inWork: () => this.#inWork.size,
    });
    this.#helper = new PartHelper({
      bus: this.#bus,
      log: this.#log,
      worker: this.id,
      works: this.#works,
      isFree: () => this.isTaking && this.#inWork.size + this.#helper.parts < this.threads,
      changed: () => {
        this.#retake.abort();
        this.#roomChanged.wake();
      },
    });
    this.#announcement = new Announcement({
      state: this.#bus.workers,
      key: this.id,
      ttlMs: workerTtlMs,
      note: () => this.#note(),
      log: options.log,
    });
  }

  /** Whether it takes work. */
  get isTaking(): boolean {
    return this.#taking !== undefined && !this.#stopTaking.signal.aborted;
  }

  get threads(): number {
    return Math.max(1, this.#pool.size);
  }

  /** Begins to take work, as soon as there is a bus. Resolves when the others know of it, or cannot be told: then it is tried again. */
  async start(): Promise<void> {
    void this.#hearOver();
    this.#helper.start();
    this.#taking = this.#take();
    await this.#announcement.start();
  }

  /** Takes nothing more, ends what is in work, and leaves. */
  async drain(): Promise<void> {
    this.#stopTaking.abort();
    this.#retake.abort();
    this.#roomChanged.wake();
    await this.#taking;
    await Promise.all(this.#inWork.keys());
    await this.#helper.drain();
    await Promise.all(this.#acks);
    this.#stopHearing.abort();
    await this.#announcement.stop();
    await this.#pool.close();
  }

  /** Stops what is in work of runs that are over. */
  async #hearOver(): Promise<void> {
    const { signal } = this.#stopHearing;
    while (!signal.aborted) {
      try {
        const notices = await this.#bus.hear.over();
        const stop = (): void => notices.close();
        if (signal.aborted) stop();
        signal.addEventListener("abort", stop);
        for await (const { subject } of notices) {
          const run = subject.split(".").at(-1)!;
          this.#open.over(run);
          void this.#works.close(run);
        }
      } catch (error) {
        if (!signal.aborted) this.#log.warn(`it cannot be heard which runs are over: ${(error as Error).message}`);
      }
      await pause(retryMs, signal);
    }
  }

  async #take(): Promise<void> {
    const { signal } = this.#stopTaking;
    while (!signal.aborted) {
      const changed = this.#roomChanged.next;
      const lanes = runLanes.filter((lane) => this.#room(lane) > 0);
      if (lanes.length === 0) {
        await Promise.race([...this.#inWork.keys(), changed]);
        continue;
      }
      if (this.#retake.signal.aborted) this.#retake = new AbortController();
      const { signal: stopped } = this.#retakeWithMore(runLanes.filter((lane) => !lanes.includes(lane)));
      const max = Math.min(...lanes.map((lane) => this.#room(lane)));
      try {
        const taken = await this.#bus.tasks.take({ max, lanes, signal: stopped });
        const read = await readable(taken, chunks, this.#log);
        for (const { delivery, message } of read) this.#begin(delivery, message);
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn(`no work can be taken: ${(error as Error).message}`);
        await pause(retryMs, signal);
      }
    }
  }

  /**
   * How many more chunks of a lane may be taken now: one more than there are free threads, so that none waits for the
   * next. Of each lane, so that what somebody waits for does not wait for the end of what is fetched later.
   */
  #room(lane: RunLane): number {
    const free = this.threads - this.#helper.parts;
    const taken = [...this.#inWork.values()].filter((other) => other === lane).length;
    return free > 0 ? free + 1 - taken : 0;
  }

  /** What stops the take that begins now, also once one of these lanes, which are full, has room again. */
  #retakeWithMore(full: readonly RunLane[]): AbortController {
    const retake = this.#retake;
    const over = [...this.#inWork].filter(([, lane]) => full.includes(lane)).map(([work]) => work);
    void Promise.race(over).then(() => retake.abort());
    return retake;
  }

  #begin(delivery: Delivery, chunk: Chunk): void {
    const extend = setInterval(() => void delivery.extend().catch(() => {}), chunkAckWaitMs / 3);
    const work = this.#do(delivery, chunk)
      .catch(async (error: Error) => {
        this.#log.warn(`chunk ${resultKey(chunk)}: ${error.message}`);
        // What is stored of its run is not that of a run, and will not be.
        const over = isUnreadable(error) && error.code === "bad-message";
        await (over ? delivery.drop(error.message) : delivery.retry(retryMs)).catch(() => {});
      })
      .finally(() => {
        clearInterval(extend);
        this.#inWork.delete(work);
      });
    this.#inWork.set(work, delivery.lane === "interactive" ? "interactive" : "batch");
  }

  async #do(delivery: Delivery, chunk: Chunk): Promise<void> {
    const key = resultKey(chunk);
    const again = delivery.attempt > 1;
    // Its plan is made meanwhile; what is wrong with it is told when the chunk is begun.
    if (chunk.version === this.#bus.version) void this.#works.of(chunk).catch(() => {});
    const [isWanted, known] = await Promise.all([
      this.#open.has(chunk),
      // What comes for the first time nobody has done.
      again ? this.#bus.results.get(key) : undefined,
    ]);
    // Workers of its version are to do it.
    if (isWanted && chunk.version !== this.#bus.version) return delivery.retry(foreignRetryMs);
    const keeper = this.#keeper(chunk, again);
    // Somebody may have left something for who comes after.
    if (again) await keeper.load();
    const outcome = isWanted && known === undefined ? await this.#followed(chunk, keeper, delivery.attempt) : undefined;
    // It is done, or its run is over.
    if (outcome === undefined) {
      await keeper.end();
      return this.#ack(delivery);
    }
    this.#counts.did(outcome);
    const value = await packLarge(packResult(outcome), this.#bus.rows, () => key);
    await this.#bus.results.create(key, value).catch((error) => {
      // Another has done it as well.
      if (!(error instanceof RevisionConflict)) throw error;
    });
    await keeper.end();
    this.#ack(delivery);
  }

  #keeper(chunk: Chunk, again: boolean): ChunkKeeper {
    const { run } = chunk;
    const onStored = async (tasks: readonly number[]): Promise<void> => {
      for (const task of tasks) await this.#suspicion.goesOn(run, task);
    };
    return new ChunkKeeper({
      objects: this.#bus.progress,
      key: resultKey(chunk),
      everyMs: this.#checkpointMs,
      log: this.#log,
      counts: this.#counts,
      ...(again ? { onStored } : {}),
    });
  }

  /** Simulates a chunk as a part of its trace. */
  async #followed(chunk: Chunk, keeper: ChunkKeeper, attempt: number): Promise<ChunkResult | undefined> {
    const { run, first, count, trace } = chunk;
    const span = this.#tracing.begin("chunk", {
      kind: "consumer",
      parent: trace,
      attributes: {
        "architech.run": run,
        "architech.task.first": first,
        "architech.tasks": count,
        "architech.attempt": attempt,
      },
    });
    try {
      const outcome = await this.#simulate(chunk, {
        again: attempt > 1,
        keeper,
        onEnd: taskSpans(this.#tracing, span, chunk),
      });
      const failed = outcome?.tasks.find(({ error }) => error !== undefined)?.error;
      span.end(failed === undefined ? {} : { error: errorFrom(failed) });
      return outcome;
    } catch (error) {
      span.end({ error });
      throw error;
    }
  }

  /** Ends a delivery beside the work: what came of it is stored, so it would only be found again if this did not succeed. */
  #ack(delivery: Delivery): void {
    const ack = delivery
      .ack()
      .catch((error: Error) => this.#log.warn(`message ${delivery.id} comes again: ${error.message}`))
      .finally(() => this.#acks.delete(ack));
    this.#acks.add(ack);
  }

  /** What came of a chunk; undefined when its run is over. `again`: somebody has begun it before, and not ended it. */
  async #simulate(
    chunk: Chunk,
    { again, ...how }: { readonly again: boolean; readonly keeper: ChunkKeeper; readonly onEnd: TaskEnded | undefined },
  ): Promise<ChunkResult | undefined> {
    const { keeper } = how;
    const { run, first, count } = chunk;
    const work = await this.#works.of(chunk);
    if (!again && work.mayHelp === 0) return work.simulate(chunk, how);
    const tasks: TaskOutcome[] = [];
    let busyMs = 0;
    for (let task = first; task < first + count; task++) {
      const known = keeper.done.get(task);
      if (known !== undefined) tasks.push(known);
      else if (again && !(await this.#suspicion.begins(run, task)))
        tasks.push({ items: [], error: deadly(task).toJSON() });
      else {
        const one =
          work.mayHelp === 0
            ? await work.simulate({ first: task, count: 1 }, how)
            : await this.#shared(work, { run, request: chunk.request, task }, how);
        if (one === undefined) return undefined;
        tasks.push(...one.tasks);
        busyMs += one.busyMs;
      }
      if (again) await this.#suspicion.ended(run, task);
    }
    return { busyMs, tasks };
  }

  /** Simulates a task with other workers, as far as there are some. */
  async #shared(
    work: RunWork,
    task: Pick<PartOffer, "run" | "request" | "task">,
    how: { readonly keeper: ChunkKeeper; readonly onEnd: TaskEnded | undefined },
  ): Promise<ChunkResult | undefined> {
    const shared = await SharedTask.offer({
      bus: this.#bus,
      log: this.#log,
      worker: this.id,
      task,
      most: work.mayHelp,
    });
    try {
      return await work.simulate({ first: task.task, count: 1 }, { ...how, shared });
    } finally {
      await shared.close();
    }
  }

  /** What it says of itself. */
  #note(): Uint8Array {
    return packNote({
      id: this.id,
      threads: this.threads,
      busy: this.#inWork.size,
      tasks: this.#counts.tasks,
      events: this.#counts.events,
      version: this.#bus.version,
      since: this.#since,
    });
  }
}

function deadly(task: number): ArchitechError {
  return new ArchitechError("worker-crashed", `every worker that began task ${task} of this run has died with it`);
}
