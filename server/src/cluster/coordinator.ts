import {
  ArchitechError,
  encodeControl,
  isFinal,
  type RunInfo,
  requestLimits,
  unpackMessage,
} from "@architech/protocol";
import { cacheKey, Execution, type Plan, planRun, type RunEnd } from "architech/host";
import type { Log } from "../log.js";
import type { Tracing } from "../tracing/tracing.js";
import { BusLog } from "./bus-log.js";
import { ChunkPool } from "./chunk-pool.js";
import type { ClusterBus } from "./cluster-bus.js";
import type { RunRecord } from "./run-record.js";
import type { RunRecords } from "./run-records.js";

/** How often progress is told, and how often the record says how far the run is. */
const progressMs = 100;
const recordMs = 1_000;

/** What coordinators share. */
export interface CoordinatorSetting {
  readonly bus: ClusterBus;
  readonly records: RunRecords;
  readonly log: Log;
  readonly tracing: Tracing;
  /** Of this service. */
  readonly instance: string;
  /** Chunks that one run may have out at once. */
  readonly share: () => number;
  /** Threads of one worker. */
  readonly threads: () => number;
  /** Is told how each run has ended. */
  readonly ended: (state: RunEnd["state"]) => void;
}

/** Leads one run through the workers into its stream, until it is over or another leads it. */
export class Coordinator {
  readonly id: string;
  readonly #setting: CoordinatorSetting;
  readonly #planned: Plan | undefined;
  #execution: Execution | undefined;
  #pool: ChunkPool | undefined;
  #log: BusLog | undefined;
  #abandoned = false;
  /** All of it is there, and only the record is to say so. */
  #ended = false;

  /** `plan`: of its request, where that has been planned already. */
  constructor(id: string, plan: Plan | undefined, setting: CoordinatorSetting) {
    this.id = id;
    this.#planned = plan;
    this.#setting = setting;
  }

  /** Resolves when the run is over, and its record says so. */
  async lead(): Promise<void> {
    const { records } = this.#setting;
    const found = records.known(this.id) ?? (await records.get(this.id));
    if (isFinal(found.info.state)) return;
    try {
      const plan = await this.#plan(found);
      const record = await records.change(this.id, (now) => this.#begun(now, plan));
      if (!isFinal(record.info.state)) await this.#lead(record, plan);
    } catch (error) {
      if (!isLasting(error) || this.#abandoned || this.#ended) throw error;
      await this.#over({ state: "failed", error }, undefined, found.info);
    }
  }

  /** The record of a run that begins now. One of another version of which nothing is done yet is of this one from now on. */
  #begun(now: RunRecord, plan: Plan): RunRecord | undefined {
    if (now.info.state !== "queued") return undefined;
    const { version } = this.#setting.bus;
    return {
      ...now,
      version,
      ...(now.key === undefined ? {} : { key: cacheKey(plan) }),
      info: { ...now.info, state: "running" },
    };
  }

  async #lead(record: RunRecord, plan: Plan): Promise<void> {
    const { bus, records, instance, tracing } = this.#setting;
    const { kind, total } = record.info;
    const attributes = { "architech.run": this.id, "architech.kind": kind, "architech.tasks": total };
    const span = tracing.begin("run", { parent: record.trace, attributes });
    const log = await BusLog.open(this.id, bus.streams, bus.rows, {
      opens: async (table, seq) => {
        await records.change(this.id, (now) =>
          now.schemas.includes(seq)
            ? undefined
            : { ...now, schemas: [...now.schemas, seq], tables: [...now.tables, table] },
        );
      },
    });
    this.#log = log;
    const pool = new ChunkPool({
      queue: bus.tasks,
      lane: record.lane,
      results: bus.results,
      objects: bus.rows,
      log: this.#setting.log,
      of: {
        run: this.id,
        request: record.request,
        version: record.version,
        ...(span.traceparent === undefined ? {} : { trace: span.traceparent }),
      },
      coordinator: instance,
      share: this.#setting.share,
      threads: this.#setting.threads,
      onFailure: (error) => this.abandon(error),
    });
    this.#pool = pool;
    const execution = new Execution(this.id, plan, log, pool, { user: record.user });
    this.#execution = execution;
    const tell = setInterval(() => this.#tell(execution), progressMs);
    const note = setInterval(() => void this.#note(execution, log).catch(() => {}), recordMs);
    try {
      execution.start();
      if ((records.known(this.id) ?? record).wantsCancel) execution.cancel();
      const end = await execution.ended;
      if (log.error?.code === "log-conflict") this.abandon(log.error);
      if (this.#abandoned) return;
      this.#ended = true;
      span.end(end.error === undefined ? {} : { error: end.error });
      await this.#over(end, { execution, log }, record.info);
    } finally {
      // Where it had not been ended: another service leads the run from here on.
      span.end({ attributes: { "architech.left": true } });
      clearInterval(tell);
      clearInterval(note);
      pool.detach();
    }
  }

  /** Somebody wants the run stopped. */
  cancel(): void {
    this.#execution?.cancel();
  }

  /** The run's share of the workers may have grown. */
  wake(): void {
    this.#pool?.wake();
  }

  /** Does nothing more: another leads the run from now on, or will. */
  abandon(reason: Error): void {
    if (this.#abandoned || this.#ended) return;
    this.#abandoned = true;
    this.#setting.log.warn(`run ${this.id} is left to another service: ${reason.message}`);
    this.#log?.abandon(new ArchitechError("run-interrupted", "another service goes on with this run"));
    this.#execution?.cancel();
  }

  /** Throws why it cannot be led. */
  async #plan({ request, version, info }: RunRecord): Promise<Plan> {
    const { bus } = this.#setting;
    if (version !== bus.version && info.state !== "queued")
      throw new ArchitechError(
        "run-interrupted",
        `run ${info.id} was begun by version ${version}, and this is ${bus.version}: start it again`,
      );
    if (this.#planned !== undefined) return this.#planned;
    const bytes = await bus.requests.get(request);
    if (bytes === undefined) throw new ArchitechError("storage-failed", `the request of run ${info.id} is gone`);
    return planRun(unpackMessage(bytes, requestLimits));
  }

  #tell(execution: Execution): void {
    void this.#setting.bus.tell.progress(this.id, encodeControl(execution.progress)).catch(() => {});
  }

  async #note({ progress }: Execution, log: BusLog): Promise<void> {
    await this.#setting.records.change(this.id, (now) => ({ ...now, info: { ...now.info, ...extent(progress, log) } }));
  }

  async #over(
    end: RunEnd,
    ran: { readonly execution: Execution; readonly log: BusLog } | undefined,
    before: RunInfo,
  ): Promise<void> {
    const { bus, records } = this.#setting;
    const entries = ran?.log.entries ?? (await bus.streams.info(this.id)).frames;
    const reusable = end.state === "done" && ran?.execution.reproducible === true;
    const last = ran === undefined ? before : extent(ran.execution.progress, ran.log);
    await bus.streams.end(this.id, entries, new Uint8Array(0));
    await records.change(this.id, ({ key, ...now }) => ({
      ...now,
      ...(reusable && key !== undefined ? { key } : {}),
      info: {
        ...now.info,
        ...last,
        state: end.state,
        ended: Date.now(),
        ...(end.error === undefined ? {} : { error: end.error.toJSON() }),
        ...(end.parts === undefined ? {} : { parts: end.parts }),
      },
    }));
    this.#setting.ended(end.state);
    await bus.tell.over(this.id).catch(() => {});
    await bus.forgetResults(this.id);
  }
}

/** What is or may be over by itself, or in another service. */
const passing: readonly string[] = [
  "bus-unreachable",
  "bus-closed",
  "storage-full",
  "log-conflict",
  "run-not-found",
  "message-newer",
];

/** Whether no service will ever lead a run of which this is said. */
function isLasting(error: unknown): error is ArchitechError {
  return error instanceof ArchitechError && !passing.includes(error.code);
}

function extent(
  progress: Execution["progress"],
  { frames, bytes }: BusLog,
): Pick<RunInfo, "done" | "total" | "frames" | "bytes"> {
  return { done: Math.floor(progress.done), total: progress.total, frames, bytes };
}
