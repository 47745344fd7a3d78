import { randomUUID } from "node:crypto";
import {
  ArchitechError,
  decodeServerMessage,
  errorFrom,
  isFinal,
  type Progress,
  packMessage,
  type RunInfo,
} from "@architech/protocol";
import {
  cacheKey,
  newRunId,
  type Plan,
  planRun,
  type RetentionLimits,
  type RunEnd,
  type RunHost,
  singly,
  surplusRuns,
} from "architech/host";
import type { Bus } from "../bus/bus.js";
import type { Log } from "../log.js";
import type { Metrics } from "../metrics/metrics.js";
import { noTracing, type Tracing } from "../tracing/tracing.js";
import { ClusterBus } from "./cluster-bus.js";
import { measureCluster } from "./cluster-metrics.js";
import { Coordinator } from "./coordinator.js";
import { follow } from "./follow.js";
import { Lease } from "./lease.js";
import { OnceMore } from "./once-more.js";
import { RunReader } from "./run-reader.js";
import type { RunRecord } from "./run-record.js";
import { RunRecords } from "./run-records.js";
import { WorkerRegistry } from "./worker-registry.js";

/** How a service of runs works. */
export interface ClusterRunsOptions extends RetentionLimits {
  readonly bus: Bus;
  readonly log: Log;
  readonly tracing?: Tracing;
  /** Runs led here at once. Default 16. */
  readonly maxRunning?: number;
  /** Runs that may wait, in the whole cluster. Default 100. */
  readonly maxQueued?: number;
}

/** Chunks that all runs together may have out: enough for every worker to have the next one waiting, and to show that work waits. */
const chunksOfThread = 3;
const leastChunks = 16;

/** One of many equal services of runs: each starts, leads and serves any run, and goes on where another has died. */
export class ClusterRuns implements RunHost {
  readonly #bus: ClusterBus;
  readonly #log: Log;
  readonly #options: ClusterRunsOptions;
  readonly #instance: string = randomUUID();
  readonly #records: RunRecords;
  readonly #reader: RunReader;
  readonly #workers: WorkerRegistry;
  readonly #led = new Map<string, { readonly coordinator: Coordinator; readonly done: Promise<void> }>();
  /** Plans of runs that were started here, for whoever leads them here. */
  readonly #planned = new Map<string, Plan>();
  /** Runs that somebody leads, as far as is known here. */
  readonly #taken = new Set<string>();
  readonly #ended: Record<RunEnd["state"], number> = { done: 0, cancelled: 0, failed: 0 };
  readonly #closed = new AbortController();
  readonly #leading = new OnceMore(() => this.#lead());
  #loading: Promise<void> | undefined;

  private constructor(options: ClusterRunsOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#bus = new ClusterBus(options.bus);
    this.#records = new RunRecords(this.#bus.records, options.log);
    this.#reader = new RunReader(this.#bus.streams, this.#bus.rows);
    this.#workers = new WorkerRegistry(this.#bus.workers, options.log);
  }

  /** A service on a bus, which may be reached later. */
  static async open(options: ClusterRunsOptions): Promise<ClusterRuns> {
    const runs = new ClusterRuns(options);
    runs.#follow();
    return runs;
  }

  async start(request: unknown, { traceparent }: { readonly traceparent?: string | undefined } = {}): Promise<RunInfo> {
    this.#refuseWhenClosed();
    const plan = await planRun(request);
    if (plan.options.device === "gpu")
      throw new ArchitechError(
        "gpu-unavailable",
        'a cluster has no GPUs: leave out device "gpu", or run it where one is',
        {
          path: ["options", "device"],
        },
      );
    if (plan.here)
      throw new ArchitechError("custom-missing", "the functions of this model's custom steps are in another process");
    await this.#loaded();
    const id = plan.request.id ?? newRunId();
    const key = cacheKey(plan);
    const known = (await this.#cached(id, key, plan)) ?? (await this.#new(id, key, plan));
    const record = traceparent === undefined ? known : { ...known, trace: traceparent };
    this.#planned.set(id, plan);
    if (!(await this.#records.create(record))) return this.#again(id, key);
    if (isFinal(record.info.state) || this.#led.size >= this.#most) this.#planned.delete(id);
    this.#consider();
    return record.info;
  }

  async info(id: string): Promise<RunInfo> {
    return (await this.#records.get(id)).info;
  }

  async list(): Promise<RunInfo[]> {
    await this.#loaded();
    return this.#records
      .all()
      .map(({ info }) => info)
      .sort((a, b) => b.created - a.created);
  }

  async cancel(id: string): Promise<RunInfo> {
    const now = await this.#records.change(id, (record) => {
      const { info } = record;
      if (isFinal(info.state) || record.wantsCancel) return undefined;
      if (info.state === "running") return { ...record, wantsCancel: true };
      return { ...record, wantsCancel: true, info: { ...info, state: "cancelled", ended: Date.now() } };
    });
    // One that nobody leads has no rows.
    if (now.info.frames === 0 && now.info.state === "cancelled") await this.#bus.streams.end(id, 0, new Uint8Array(0));
    return isFinal(now.info.state) ? now.info : (await this.#records.over(id)).info;
  }

  async delete(id: string): Promise<void> {
    await this.cancel(id);
    const { rows, request } = await this.#records.get(id);
    await this.#records.delete(id);
    if (this.#records.all().some((other) => other.rows === rows)) return;
    await this.#reader.delete(rows);
    await this.#bus.requests.delete(request);
  }

  async tables(id: string): Promise<readonly number[]> {
    return (await this.#records.get(id)).tables;
  }

  async *frames(id: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    yield* singly(this.pieces(id, offset, signal), signal);
  }

  async *pieces(id: string, offset = 0, signal?: AbortSignal): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    const { rows, schemas } = await this.#records.get(id);
    yield* this.#reader.read(rows, offset, schemas, signal);
  }

  async ended(id: string): Promise<RunEnd> {
    const { state, error, parts } = (await this.#records.over(id)).info;
    if (!isFinal(state)) throw new ArchitechError("internal", `run ${id} is over and ${state}`);
    return {
      state,
      ...(error === undefined ? {} : { error: errorFrom(error) }),
      ...(parts === undefined ? {} : { parts }),
    };
  }

  onProgress(id: string, listener: (progress: Progress) => void): () => void {
    const stopped = new AbortController();
    void this.#hearProgress(id, listener, stopped.signal).catch((error: Error) =>
      this.#log.warn(`the progress of run ${id} cannot be followed: ${error.message}`),
    );
    return () => stopped.abort();
  }

  /** Shows what the cluster has to do, and who does it. */
  measure(metrics: Metrics): void {
    measureCluster(metrics, { bus: this.#bus, records: this.#records, workers: this.#workers });
    metrics.total("architech_runs_ended_total", "Runs that this service has led to their end.", ["state"], async () =>
      Object.entries(this.#ended).map(([state, value]) => ({ labels: { state }, value })),
    );
    metrics.gauge("architech_runs_led", "Runs that this service leads.", [], async () => [{ value: this.#led.size }]);
  }

  /** Leaves the runs that are led here to other services. */
  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    const led = [...this.#led.values()];
    for (const { coordinator } of led) coordinator.abandon(new Error("this service ends"));
    await Promise.all(led.map(({ done }) => done));
    this.#workers.close();
    this.#records.close();
  }

  #follow(): void {
    const { signal } = this.#closed;
    this.#records.onChange((id, record) => {
      if (record?.wantsCancel === true) this.#led.get(id)?.coordinator.cancel();
      this.#consider();
    });
    this.#workers.follow(() => this.#wake());
    void follow(this.#bus.leases, "", { what: "who leads which run", log: this.#log, signal }, ({ key, value }) => {
      if (value !== undefined) this.#taken.add(key);
      else if (this.#taken.delete(key)) this.#consider();
    });
    this.#records.follow();
  }

  /** Resolves when the runs that there are are known. */
  #loaded(): Promise<void> {
    this.#loading ??= this.#records.load();
    this.#loading.catch(() => (this.#loading = undefined));
    return this.#loading;
  }

  get #most(): number {
    return this.#options.maxRunning ?? 16;
  }

  #refuseWhenClosed(): void {
    if (this.#closed.signal.aborted) throw new ArchitechError("bus-closed", "this service of runs is closing");
  }

  /** The same request with the same id is the same run. */
  async #again(id: string, key: string): Promise<RunInfo> {
    const record = await this.#records.get(id);
    if (record.key === key) return record.info;
    throw new ArchitechError("run-exists", `there is a run "${id}" already, and it is of another request`, {
      path: ["id"],
    });
  }

  /** The record of a run whose rows are known. */
  async #cached(id: string, key: string, plan: Plan): Promise<RunRecord | undefined> {
    if (plan.request.options.cache === false) return undefined;
    const known = this.#records
      .all()
      .filter((record) => record.key === key && record.info.state === "done")
      .sort((a, b) => b.info.created - a.info.created)[0];
    if (known === undefined) return undefined;
    const created = Date.now();
    return { ...known, info: { ...known.info, id, cached: true, created, ended: created } };
  }

  async #new(id: string, key: string, plan: Plan): Promise<RunRecord> {
    const { maxQueued = 100 } = this.#options;
    const queued = this.#records.all().filter(({ info }) => info.state === "queued").length;
    if (queued >= maxQueued)
      throw new ArchitechError("too-many-runs", `${maxQueued} runs are waiting already: try again later`);
    const request = await this.#bus.requests.put(packMessage(plan.request), id);
    const info: RunInfo = {
      id,
      kind: plan.request.kind,
      state: "queued",
      cached: false,
      created: Date.now(),
      frames: 0,
      bytes: 0,
      done: 0,
      total: plan.runs * plan.points,
    };
    const version = this.#bus.version;
    return { info, key, version, request, rows: id, schemas: [], tables: [], wantsCancel: false };
  }

  /** Leads the oldest runs that nobody leads, as many as there is room for. */
  #consider(): void {
    if (this.#closed.signal.aborted) return;
    void this.#leading.ask().catch((error: Error) => this.#log.warn(`no run can be led: ${error.message}`));
  }

  async #lead(): Promise<void> {
    // Let records that come together be looked at once.
    await new Promise((resolve) => setImmediate(resolve));
    const open = this.#records
      .all()
      .filter(({ info }) => !isFinal(info.state) && !this.#taken.has(info.id) && !this.#led.has(info.id))
      .sort((a, b) => a.info.created - b.info.created);
    for (const { info } of open) {
      if (this.#led.size >= this.#most || this.#closed.signal.aborted) return;
      await this.#tryToLead(info.id);
    }
  }

  async #tryToLead(id: string): Promise<void> {
    const coordinator = new Coordinator(id, this.#planned.get(id), {
      bus: this.#bus,
      records: this.#records,
      log: this.#log,
      tracing: this.#options.tracing ?? noTracing,
      instance: this.#instance,
      share: () => this.#share(),
      threads: () => this.#workers.mostThreads,
      ended: (state) => void this.#ended[state]++,
    });
    const lost = (): void => coordinator.abandon(new Error("its lease was lost"));
    const lease = await Lease.take(this.#bus.leases, id, this.#instance, lost);
    this.#taken.add(id);
    this.#planned.delete(id);
    if (lease === undefined) return;
    const done = coordinator
      .lead()
      .catch((error: Error) => this.#log.error(`run ${id} cannot be led`, error))
      .then(() => lease.release())
      .finally(() => {
        this.#led.delete(id);
        this.#taken.delete(id);
        this.#consider();
        void this.#retain().catch((error: Error) => this.#log.warn(`old runs cannot be deleted: ${error.message}`));
      });
    this.#led.set(id, { coordinator, done });
  }

  /** Chunks that a run may have out: an even share of what all may. */
  #share(): number {
    const running = this.#records.all().filter(({ info }) => info.state === "running").length;
    const all = Math.max(leastChunks, chunksOfThread * this.#workers.threads);
    return Math.max(2, Math.ceil(all / Math.max(1, running)));
  }

  #wake(): void {
    for (const { coordinator } of this.#led.values()) coordinator.wake();
  }

  async #hearProgress(id: string, listener: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
    const notices = await this.#bus.hear.progress(id);
    const stop = (): void => notices.close();
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    const over = this.#records.over(id).then(stop, stop);
    for await (const { bytes } of notices) {
      const message = decodeServerMessage(bytes);
      if (message.type === "progress") listener(message);
    }
    await over;
  }

  /** Deletes the oldest runs while there are too many, or they are too large. */
  async #retain(): Promise<void> {
    const over = this.#records
      .all()
      .map(({ info }) => info)
      .filter(({ state }) => isFinal(state))
      .sort((a, b) => a.created - b.created);
    for (const id of surplusRuns(over, this.#options)) await this.delete(id).catch(() => {});
  }
}
