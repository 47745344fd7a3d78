import { randomUUID } from "node:crypto";
import { type PoolOptions, WorkerPool } from "architech/host";
import type { Bus } from "../bus/bus.js";
import { Announcement } from "../cluster/announcement.js";
import { ClusterBus } from "../cluster/cluster-bus.js";
import { packNote, workerTtlMs } from "../cluster/worker-registry.js";
import type { Log } from "../log.js";
import { Metrics } from "../metrics/metrics.js";
import { noTracing, type Tracing } from "../tracing/tracing.js";
import { ChunkSimulation } from "./chunk-simulation.js";
import { ChunkTaker } from "./chunk-taker.js";
import { OpenRuns } from "./open-runs.js";
import { PartHelper } from "./part-helper.js";
import { RunEnds } from "./run-ends.js";
import { RunWorks } from "./run-work.js";
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

/** Takes chunks of tasks from the bus, simulates them on threads, and puts what came of them where their run's coordinator finds it. It keeps nothing: it may be killed at any moment. */
export class ClusterWorker {
  readonly id: string = randomUUID();
  readonly #bus: ClusterBus;
  readonly #pool: WorkerPool;
  readonly #works: RunWorks;
  readonly #counts: WorkerCounts;
  readonly #announcement: Announcement;
  readonly #ends: RunEnds;
  readonly #taker: ChunkTaker;
  readonly #helper: PartHelper;
  readonly #since = Date.now();

  constructor(options: ClusterWorkerOptions) {
    const { log, checkpointMs = defaultCheckpointMs, tracing = noTracing, metrics = new Metrics() } = options;
    const bus = new ClusterBus(options.bus, options.version);
    this.#bus = bus;
    this.#pool = new WorkerPool(options);
    this.#works = new RunWorks(bus.requests, this.#pool);
    const open = new OpenRuns(bus.records);
    this.#ends = new RunEnds({ bus, log, open, works: this.#works });
    this.#counts = new WorkerCounts(metrics, { threads: () => this.threads, inWork: () => this.#taker.inWork });
    const both = { bus, log, worker: this.id, works: this.#works };
    const simulation = new ChunkSimulation({ ...both, tracing, checkpointMs, counts: this.#counts, open });
    this.#taker = new ChunkTaker({
      tasks: bus.tasks,
      log,
      threads: () => this.threads - this.#helper.parts,
      work: (chunk, attempt) => simulation.work(chunk, attempt),
    });
    this.#helper = new PartHelper({
      ...both,
      counts: this.#counts.parts,
      isFree: () => this.isTaking && this.#taker.inWork + this.#helper.parts < this.threads,
      changed: () => this.#taker.changed(),
    });
    this.#announcement = new Announcement({
      state: bus.workers,
      key: this.id,
      ttlMs: workerTtlMs,
      note: () => this.#note(),
      log,
    });
  }

  /** Whether it takes work. */
  get isTaking(): boolean {
    return this.#taker.isTaking;
  }

  get threads(): number {
    return Math.max(1, this.#pool.size);
  }

  /** Begins to take work, as soon as there is a bus. Resolves when the others know of it, or cannot be told: then it is tried again. */
  async start(): Promise<void> {
    this.#ends.start();
    this.#helper.start();
    this.#taker.start();
    await this.#announcement.start();
  }

  /** Takes nothing more, ends what is in work, and leaves. */
  async drain(): Promise<void> {
    await this.#taker.drain();
    await this.#helper.drain();
    this.#ends.stop();
    await this.#announcement.stop();
    await this.#pool.close();
  }

  /** What it says of itself. */
  #note(): Uint8Array {
    return packNote({
      id: this.id,
      threads: this.threads,
      busy: this.#taker.inWork,
      tasks: this.#counts.tasks,
      events: this.#counts.events,
      version: this.#bus.version,
      since: this.#since,
    });
  }
}
