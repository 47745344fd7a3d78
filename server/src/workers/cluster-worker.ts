import { randomUUID } from "node:crypto";
import { ArchitechError, isFinal } from "@architech/protocol";
import { type PoolOptions, WorkerPool } from "architech/host";
import type { Bus, Delivery } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import { readable } from "../bus/message-format.js";
import { type Chunk, chunks, resultKey } from "../cluster/chunk.js";
import { type ChunkResult, packResult, type TaskOutcome } from "../cluster/chunk-result.js";
import { ClusterBus, chunkAckWaitMs } from "../cluster/cluster-bus.js";
import { packLarge } from "../cluster/large-value.js";
import { runRecords } from "../cluster/run-record.js";
import { packNote, workerTtlMs } from "../cluster/worker-registry.js";
import type { Log } from "../log.js";
import { RunWorks } from "./run-work.js";
import { Suspicion } from "./suspicion.js";

/** How a worker works. */
export interface ClusterWorkerOptions extends PoolOptions {
  readonly bus: Bus;
  readonly log: Log;
}

/** How long a chunk waits that this worker may not, or cannot, do. */
const retryMs = 2_000;

/** Takes chunks of tasks from the bus, simulates them on threads, and puts what came of them where their run's coordinator finds it. It keeps nothing: it may be killed at any moment. */
export class ClusterWorker {
  readonly id: string = randomUUID();
  readonly #bus: ClusterBus;
  readonly #log: Log;
  readonly #pool: WorkerPool;
  readonly #works: RunWorks;
  readonly #suspicion: Suspicion;
  readonly #since = Date.now();
  readonly #stopTaking = new AbortController();
  readonly #inWork = new Set<Promise<void>>();
  #beat: NodeJS.Timeout | undefined;
  #revision = 0;
  #taking: Promise<void> | undefined;
  #closeNotices = (): void => {};

  constructor(options: ClusterWorkerOptions) {
    this.#bus = new ClusterBus(options.bus);
    this.#log = options.log;
    this.#pool = new WorkerPool(options);
    this.#works = new RunWorks(this.#bus.requests, this.#pool);
    this.#suspicion = new Suspicion(this.#bus.suspects);
  }

  get threads(): number {
    return Math.max(1, this.#pool.size);
  }

  /** Begins to take work. */
  async start(): Promise<void> {
    const notices = await this.#bus.hear.over();
    this.#closeNotices = () => notices.close();
    void (async () => {
      for await (const { subject } of notices) void this.#works.close(subject.split(".").at(-1)!);
    })();
    await this.#note();
    this.#beat = setInterval(() => void this.#note(), workerTtlMs / 3);
    this.#taking = this.#take();
  }

  /** Takes nothing more, ends what is in work, and leaves. */
  async drain(): Promise<void> {
    this.#stopTaking.abort();
    await this.#taking;
    await Promise.all(this.#inWork);
    clearInterval(this.#beat);
    this.#closeNotices();
    await this.#bus.workers.delete(this.id).catch(() => {});
    await this.#pool.close();
  }

  async #take(): Promise<void> {
    const { signal } = this.#stopTaking;
    while (!signal.aborted) {
      // One more than there are threads, so that none waits for the next.
      const room = this.threads + 1 - this.#inWork.size;
      if (room <= 0) {
        await Promise.race(this.#inWork);
        continue;
      }
      try {
        const taken = await this.#bus.tasks.take({ max: room, signal });
        for (const { delivery, message } of await readable(taken, chunks, this.#log)) this.#begin(delivery, message);
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn(`no work can be taken: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  #begin(delivery: Delivery, chunk: Chunk): void {
    const extend = setInterval(() => void delivery.extend().catch(() => {}), chunkAckWaitMs / 3);
    const work = this.#do(delivery, chunk)
      .catch(async (error: Error) => {
        this.#log.warn(`chunk ${resultKey(chunk)}: ${error.message}`);
        await delivery.retry(retryMs).catch(() => {});
      })
      .finally(() => {
        clearInterval(extend);
        this.#inWork.delete(work);
      });
    this.#inWork.add(work);
  }

  async #do(delivery: Delivery, chunk: Chunk): Promise<void> {
    if (chunk.version !== this.#bus.version) return delivery.retry(retryMs);
    const key = resultKey(chunk);
    const [record, known] = await Promise.all([this.#bus.records.get(chunk.run), this.#bus.results.get(key)]);
    const isWanted = record !== undefined && !isFinal(runRecords.unpack(record.value).info.state);
    if (!isWanted || known !== undefined) return delivery.ack();
    const outcome = await this.#simulate(chunk, delivery.attempt > 1);
    // Stopped because the run is over.
    if (outcome === undefined) return delivery.ack();
    const value = await packLarge(packResult(outcome), this.#bus.rows, () => key);
    await this.#bus.results.create(key, value).catch((error) => {
      // Another has done it as well.
      if (!(error instanceof RevisionConflict)) throw error;
    });
    await delivery.ack();
  }

  /** What came of a chunk; undefined when its run is over. `again`: somebody has begun it before, and not ended it. */
  async #simulate(chunk: Chunk, again: boolean): Promise<ChunkResult | undefined> {
    const work = await this.#works.of(chunk.run, chunk.request);
    if (!again) return work.simulate(chunk);
    const tasks: TaskOutcome[] = [];
    let busyMs = 0;
    for (let task = chunk.first; task < chunk.first + chunk.count; task++) {
      if (!(await this.#suspicion.begins(chunk.run, task))) tasks.push({ items: [], error: deadly(task).toJSON() });
      else {
        const one = await work.simulate({ first: task, count: 1 });
        if (one === undefined) return undefined;
        tasks.push(...one.tasks);
        busyMs += one.busyMs;
      }
      await this.#suspicion.ended(chunk.run, task);
    }
    return { busyMs, tasks };
  }

  /** Says that it lives. */
  async #note(): Promise<void> {
    const note = packNote({
      id: this.id,
      threads: this.threads,
      busy: this.#inWork.size,
      version: this.#bus.version,
      since: this.#since,
    });
    try {
      if (this.#revision > 0) this.#revision = await this.#bus.workers.update(this.id, note, this.#revision);
      else this.#revision = await this.#bus.workers.create(this.id, note);
    } catch (error) {
      if (error instanceof RevisionConflict) this.#revision = error.revision;
      else this.#log.warn(`the others cannot be told of this worker: ${(error as Error).message}`);
    }
  }
}

function deadly(task: number): ArchitechError {
  return new ArchitechError("worker-crashed", `every worker that began task ${task} of this run has died with it`);
}
