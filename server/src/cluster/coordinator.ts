import {
  ArchitechError,
  encodeControl,
  isFinal,
  packMessage,
  type RunInfo,
  requestLimits,
  tableNumbers,
  unpackMessage,
} from "@architech/protocol";
import { cacheKey, Execution, type Plan, planRun, type RunEnd } from "architech/host";
import type { Log } from "../log.js";
import type { Tracing } from "../tracing/tracing.js";
import { BusLog } from "./bus-log.js";
import { ChunkPool } from "./chunk-pool.js";
import type { ClusterBus } from "./cluster-bus.js";
import { Later } from "./later.js";
import type { RunRecord } from "./run-record.js";
import type { RunRecords } from "./run-records.js";

/** How often progress is told, and how often the record says how far the run is: as long as it goes on. */
const progressMs = 100;
const recordMs = 1_000;
/** How often it is told of a run that stands still, for who comes late. */
const stillMs = 2_000;

/** A request that is so short goes along with chunks for whose answer somebody waits. */
const inlineBytes = 16 << 10;

/** What coordinators share. */
export interface CoordinatorSetting {
  readonly bus: ClusterBus;
  readonly records: RunRecords;
  readonly log: Log;
  readonly tracing: Tracing;
  /** Chunks that one run may have out at once. */
  readonly share: () => number;
  /** Threads of the worker that has most, and of all. */
  readonly threads: () => { readonly most: number; readonly all: number };
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
      const begun = records.change(this.id, (now) => this.#begun(now, plan));
      const [record, log] = await Promise.all([begun, this.#openLog()]);
      if (!isFinal(record.info.state) && !this.#abandoned) await this.#lead(record, plan, log);
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
      // With this every stream begins, so that it need not be noted once more.
      schemas: [0],
      tables: [tableNumbers.summary],
      info: { ...now.info, state: "running" },
    };
  }

  #openLog(): Promise<BusLog> {
    const { bus, records } = this.#setting;
    return BusLog.open(this.id, bus.streams, bus.rows, {
      opens: async (table, seq) => {
        await records.change(this.id, (now) =>
          now.schemas.includes(seq)
            ? undefined
            : { ...now, schemas: [...now.schemas, seq], tables: [...now.tables, table] },
        );
      },
    });
  }

  async #lead(record: RunRecord, plan: Plan, log: BusLog): Promise<void> {
    const { bus, records, tracing } = this.#setting;
    const { kind, total } = record.info;
    const attributes = { "architech.run": this.id, "architech.kind": kind, "architech.tasks": total };
    const span = tracing.begin("run", { parent: record.trace, attributes });
    this.#log = log;
    let tell: Later | undefined;
    let note: Later | undefined;
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
        ...inlineOf(record, plan),
        ...(span.traceparent === undefined ? {} : { trace: span.traceparent }),
      },
      share: this.#setting.share,
      tiny: plan.tiny,
      total: () => this.#execution?.total ?? total,
      threads: this.#setting.threads,
      onResult: () => {
        tell?.ask();
        note?.ask();
      },
      onFailure: (error) => this.abandon(error),
    });
    this.#pool = pool;
    const execution = new Execution(this.id, plan, log, pool, { user: record.user });
    this.#execution = execution;
    tell = new Later(progressMs, () => this.#tell(execution));
    note = new Later(recordMs, () => this.#note(execution, log));
    tell.ask();
    const still = setInterval(() => this.#tell(execution), stillMs);
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
      clearInterval(still);
      tell.stop();
      note.stop();
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

  #tell({ progress }: Execution): void {
    void this.#setting.bus.tell.progress(this.id, encodeControl(progress)).catch(() => {});
  }

  /** Notes in the record how far the run is, where that has changed. */
  #note({ progress }: Execution, log: BusLog): void {
    const reached = extent(progress, log);
    const change = ({ info, ...now }: RunRecord): RunRecord | undefined =>
      isAt(info, reached) ? undefined : { ...now, info: { ...info, ...reached } };
    void this.#setting.records.change(this.id, change).catch(() => {});
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
    await bus.forgetResults(this.id, this.#pool?.large ?? []);
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

function inlineOf({ lane }: RunRecord, { request }: Plan): { inline?: string } {
  if (lane !== "interactive") return {};
  const packed = packMessage(request);
  return packed.byteLength > inlineBytes ? {} : { inline: Buffer.from(packed).toString("base64") };
}

type Extent = Pick<RunInfo, "done" | "total" | "frames" | "bytes">;

function isAt(info: RunInfo, { done, total, frames, bytes }: Extent): boolean {
  return info.done === done && info.total === total && info.frames === frames && info.bytes === bytes;
}

function extent(progress: Execution["progress"], { frames, bytes }: BusLog): Extent {
  return { done: Math.floor(progress.done), total: progress.total, frames, bytes };
}
