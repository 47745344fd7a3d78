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
  checkQueued,
  localUser,
  newRunId,
  type Plan,
  planRun,
  queuedRun,
  type RetentionLimits,
  type RunEnd,
  type RunHost,
  runExists,
  runNotFound,
  sharedRun,
  singly,
  surplusRuns,
} from "architech/host";
import type { Bus } from "../bus/bus.js";
import { contentName } from "../bus/content-name.js";
import type { Log } from "../log.js";
import type { Metrics } from "../metrics/metrics.js";
import { noTracing, type Tracing } from "../tracing/tracing.js";
import { ClusterBus } from "./cluster-bus.js";
import { measureCluster } from "./cluster-metrics.js";
import { Leading } from "./leading.js";
import { laneOf } from "./run-lane.js";
import { RunReader } from "./run-reader.js";
import type { RunRecord } from "./run-record.js";
import { RunRecords } from "./run-records.js";
import { WorkerRegistry } from "./worker-registry.js";

/** How a service of runs works. */
export interface ClusterRunsOptions extends RetentionLimits {
  readonly bus: Bus;
  readonly log: Log;
  readonly tracing?: Tracing;
  /** See `RunRecord.version`. By default that of this engine. */
  readonly version?: string;
  /** How long a run of another version, which nobody leads, waits for a service of that version before it ends, ms. Default 60,000. */
  readonly foreignMs?: number;
  /** Runs of a lane led here at once, but for the first of a user. Default 16. */
  readonly maxRunning?: number;
  /** Runs of one user that may wait, in the whole cluster. Default 100. */
  readonly maxQueued?: number;
}

/** One of many equal services of runs: each starts, leads and serves any run, and goes on where another has died. */
export class ClusterRuns implements RunHost {
  readonly #bus: ClusterBus;
  readonly #log: Log;
  readonly #options: ClusterRunsOptions;
  readonly #records: RunRecords;
  readonly #reader: RunReader;
  readonly #workers: WorkerRegistry;
  readonly #leading: Leading;
  #isClosed = false;
  #loading: Promise<void> | undefined;

  private constructor(options: ClusterRunsOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#bus = new ClusterBus(options.bus, options.version);
    this.#records = new RunRecords(this.#bus.records, options.log);
    this.#reader = new RunReader(this.#bus.streams, this.#bus.rows);
    this.#workers = new WorkerRegistry(this.#bus.workers, options.log);
    this.#leading = new Leading({
      bus: this.#bus,
      records: this.#records,
      workers: this.#workers,
      log: options.log,
      tracing: options.tracing ?? noTracing,
      most: options.maxRunning ?? 16,
      foreignMs: options.foreignMs,
      onEnd: () =>
        this.#retain().catch((error: Error) => this.#log.warn(`old runs cannot be deleted: ${error.message}`)),
    });
  }

  /** A service on a bus, which may be reached later. */
  static async open(options: ClusterRunsOptions): Promise<ClusterRuns> {
    const runs = new ClusterRuns(options);
    runs.#leading.follow();
    runs.#records.follow();
    return runs;
  }

  async start(
    request: unknown,
    {
      user = localUser,
      traceparent,
    }: { readonly user?: string | undefined; readonly traceparent?: string | undefined } = {},
  ): Promise<RunInfo> {
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
    const source = this.#source(key, plan);
    const known =
      source === undefined
        ? await this.#new(id, key, plan, user)
        : { ...source, user, info: sharedRun(id, source.info) };
    const record = traceparent === undefined ? known : { ...known, trace: traceparent };
    if (source === undefined) this.#leading.expect(record.request, plan);
    if (!(await this.#records.create(record))) return this.#again(id, record);
    // Whoever deletes it from now on sees that its rows are wanted; if it has gone before, they may have gone with it.
    if (source !== undefined && !(await this.#records.has(source.info.id))) {
      await this.delete(id);
      return this.start(request, { user, traceparent });
    }
    if (!this.#leading.hasRoom(record.lane)) this.#leading.forget(record.request);
    this.#leading.consider();
    return record.info;
  }

  async info(id: string, user?: string): Promise<RunInfo> {
    const record = await this.#records.get(id);
    if (user !== undefined && record.user !== user) throw runNotFound(id);
    return record.info;
  }

  async list(user?: string): Promise<RunInfo[]> {
    await this.#loaded();
    return this.#records
      .all()
      .filter((record) => user === undefined || record.user === user)
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
    if (await this.#records.haveRows(rows)) return;
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
    // Where the rows are never changes; from the first on no schema is left out.
    const { rows, schemas } = offset === 0 ? await this.#records.lately(id) : await this.#records.get(id);
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
    this.#leading.measure(metrics);
  }

  /** Leaves the runs that are led here to other services. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#leading.close();
    this.#workers.close();
    this.#records.close();
  }

  /** Resolves when the runs that there are are known. */
  #loaded(): Promise<void> {
    this.#loading ??= this.#records.load();
    this.#loading.catch(() => (this.#loading = undefined));
    return this.#loading;
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed) throw new ArchitechError("bus-closed", "this service of runs is closing");
  }

  /** The same request of the same user with the same id is the same run; of what there is, nothing is replaced. */
  async #again(id: string, wanted: RunRecord): Promise<RunInfo> {
    this.#leading.forget(wanted.request);
    const record = await this.#records.get(id);
    if (record.request !== wanted.request && !wanted.info.cached) await this.#bus.requests.delete(wanted.request);
    if (record.key === wanted.key && record.user === wanted.user) return record.info;
    throw runExists(id);
  }

  /** The newest run whose rows are those that are wanted. */
  #source(key: string, plan: Plan): RunRecord | undefined {
    if (plan.request.options.cache === false) return undefined;
    return this.#records
      .all()
      .filter((record) => record.key === key && record.info.state === "done")
      .sort((a, b) => b.info.created - a.info.created)[0];
  }

  async #new(id: string, key: string, plan: Plan, user: string): Promise<RunRecord> {
    const queued = this.#records.all().filter((other) => other.user === user && other.info.state === "queued").length;
    checkQueued(queued, this.#options.maxQueued);
    // Not by its id alone: another request of that id, or that of another user, which is refused, would take the place of the first.
    const name = `${id}.${contentName(Buffer.from(`${key} ${user}`))}`;
    const request = await this.#bus.requests.put(packMessage(plan.request), name);
    return {
      info: queuedRun(id, plan),
      user,
      lane: laneOf(plan),
      key,
      version: this.#bus.version,
      request,
      rows: id,
      schemas: [],
      tables: [],
      wantsCancel: false,
    };
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

  /** Deletes what makes room for others, see `surplusRuns`. */
  async #retain(): Promise<void> {
    const over = this.#records
      .all()
      .map(({ info, user }) => ({ ...info, user }))
      .filter(({ state }) => isFinal(state))
      .sort((a, b) => a.created - b.created);
    for (const id of surplusRuns(over, this.#options)) await this.delete(id).catch(() => {});
  }
}
