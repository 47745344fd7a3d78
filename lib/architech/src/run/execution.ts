import type { ArchitechError, Progress, RunParts, TableName } from "@architech/protocol";
import { logTable } from "../experiment/log-table.js";
import { furtherRuns, pilotRuns, relativePairedWidth, relativeWidth } from "../experiment/stopping.js";
import type { FinalState, RunEnd } from "../experiment/stream-source.js";
import type { TableShape } from "../experiment/stream-tables.js";
import { tableOpening } from "../experiment/table-opening.js";
import type { Begun } from "./begun.js";
import type { BegunTasks } from "./begun-tasks.js";
import type { Job, JobSource } from "./job.js";
import { keptJob } from "./kept-job.js";
import { type Plan, type PlannedTask, partsOf, plannedTask } from "./plan.js";
import type { RunWriter } from "./run-writer.js";
import { Sequencer } from "./sequencer.js";
import type { TaskPool } from "./task-pool.js";
import { RunTables, type TaskEnd } from "./task-rows.js";
import { localUser } from "./user-turns.js";
import { control, kib } from "./worker-messages.js";

/** Bytes that may wait for the disk before no further task is started. */
const bytesAhead = 32 << 20;

/** What is told of a run where it goes on. */
interface ExecutionOptions {
  readonly user?: string;
  /** What it has already, which is in the log. */
  readonly begun?: Begun;
  /** Where tasks are kept on the way; they are not by default. */
  readonly tasks?: BegunTasks;
}

/** A run under way: draws its tasks through a pool into a log, until it is finished, cancelled or cannot go on. */
export class Execution implements JobSource {
  readonly run: string;
  readonly user: string;
  readonly shape: TableShape;
  readonly cutMs: number;
  readonly metric: number;
  readonly tiny: boolean;
  readonly here: boolean;
  /** How it ended; never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #plan: Plan;
  readonly #log: RunWriter;
  readonly #pool: TaskPool;
  readonly #tables: RunTables;
  readonly #tasks: BegunTasks | undefined;
  readonly #opened = new Set<TableName>();
  readonly #sequencer: Sequencer;
  /** Shares of tasks under way, by number, and what stops them. */
  readonly #underWay = new Map<number, { share: number; readonly control: Int32Array<SharedArrayBuffer> }>();
  /** Values of the metric whose precision was asked for: by point, then replication. */
  readonly #values: number[][];
  readonly #startedAt = performance.now();
  #finish: (end: RunEnd) => void = () => {};
  #next: number;
  /** Tasks that were over before it began here. */
  readonly #before: number;
  #runs: number;
  #events = 0;
  #failures = 0;
  #firstFailure: ArchitechError | undefined;
  #clocked = false;
  /** In how many parts tasks may be, and how the first of them was. */
  readonly #mayPart: ReturnType<typeof partsOf>;
  #parts: RunParts | undefined;
  #stopping: RunEnd | undefined;

  constructor(
    run: string,
    plan: Plan,
    log: RunWriter,
    pool: TaskPool,
    { user = localUser, begun, tasks }: ExecutionOptions = {},
  ) {
    this.run = run;
    this.user = user;
    this.shape = plan.shape;
    this.cutMs = plan.cutMs;
    this.metric = plan.precision?.metric ?? 0;
    this.tiny = plan.tiny;
    this.here = plan.here;
    this.#plan = plan;
    this.#log = log;
    this.#pool = pool;
    this.#tables = new RunTables(plan.shape);
    this.#tasks = plan.here ? undefined : tasks;
    this.#mayPart = partsOf(plan, pool.size);
    if (typeof this.#mayPart === "string") this.#parts = { count: 1, why: this.#mayPart };
    this.#runs = plan.precision === undefined ? plan.runs : Math.min(pilotRuns, plan.runs);
    this.#values = Array.from({ length: plan.points }, () => []);
    this.#before = begun?.values.length ?? 0;
    this.#next = this.#before;
    this.#sequencer = new Sequencer((task, table, bytes) => this.#append(task, table, bytes), this.#before);
    this.ended = new Promise((resolve) => (this.#finish = resolve));
    if (begun !== undefined) this.#goOnFrom(begun);
  }

  /** Begins to draw tasks. */
  start(): void {
    this.#open("summary");
    if (this.#stopping === undefined) this.#pool.attach(this);
    else void this.#close(this.#stopping);
  }

  /** Takes in what it has had before, round by round. */
  #goOnFrom({ opened, values, events, failures, firstFailure, bounded }: Begun): void {
    this.#events = events;
    this.#failures = failures;
    this.#firstFailure = firstFailure;
    this.#clocked = bounded;
    for (const table of opened) this.#opened.add(table);
    const { points } = this.#plan;
    for (const [task, value] of values.entries()) {
      (this.#values[task % points] ??= [])[Math.floor(task / points)] = value;
      if (task + 1 === this.#runs * points) this.#roundIsOver();
    }
  }

  /**
   * Whether the same request would give the same bytes at any other time: no task was stopped by the clock or failed, and
   * nothing but the request has a say in it.
   */
  get reproducible(): boolean {
    return this.#failures === 0 && !this.#clocked && !this.here;
  }

  /** Tasks that it has, as far as is known: more runs may be needed for the precision that was asked for. */
  get total(): number {
    return this.#runs * this.#plan.points;
  }

  get progress(): Progress {
    const shares = [...this.#underWay.values()].reduce((total, { share }) => total + share, 0);
    const { total } = this;
    const done = Math.min(total, this.#next - this.#underWay.size + shares);
    const elapsed = performance.now() - this.#startedAt;
    const here = done - this.#before;
    return {
      type: "progress",
      done,
      total,
      ...(here > 0 ? { leftMs: (elapsed * (total - done)) / here } : {}),
      events: this.#events,
    };
  }

  /** Stops the work; ends as cancelled as soon as every task has stopped. */
  cancel(): void {
    this.#stop({ state: "cancelled" });
  }

  next(): Job | undefined {
    if (this.#stopping !== undefined || this.#next >= this.#runs * this.#plan.points) return undefined;
    if (this.#next - this.#sequencer.head >= this.#pool.ahead || this.#log.queuedBytes > bytesAhead) return undefined;
    const parts = typeof this.#mayPart === "string" ? undefined : this.#mayPart;
    return this.#job(plannedTask(this.#plan, this.#next++, parts));
  }

  #job(task: PlannedTask): Job {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const state = { share: 0, control: shared };
    this.#underWay.set(task.number, state);
    const job: Job = {
      task,
      control: shared,
      batch: (table, bytes) => this.#sequencer.add(task.number, table, bytes),
      log: (rows) => this.#sequencer.add(task.number, "log", logTable.rows(rows)),
      share: (share) => void (state.share = share),
      end: (end, error) => this.#end(task, end, error),
    };
    return this.#tasks === undefined ? job : keptJob(job, this.#tasks);
  }

  #append(task: number, table: TableName, bytes: Uint8Array): void {
    if (this.#stopping !== undefined) return;
    this.#open(table);
    this.#log.append(table, bytes);
    void this.#log.flushed().then(() => {
      if (this.#log.error !== undefined) return this.#stop({ state: "failed", error: this.#log.error });
      const shared = this.#underWay.get(task)?.control;
      if (shared !== undefined) {
        Atomics.add(shared, control.taken, kib(bytes));
        Atomics.notify(shared, control.taken);
      }
      this.#pool.wake();
    });
  }

  #open(table: TableName): void {
    if (this.#opened.has(table)) return;
    this.#opened.add(table);
    this.#log.append(
      table,
      table === "log" || table === "traces" ? logTable.opening() : tableOpening(this.#tables[table]),
      true,
    );
  }

  #end(task: PlannedTask, end: TaskEnd | undefined, error: ArchitechError | undefined): void {
    this.#underWay.delete(task.number);
    // Neither rows nor a reason, and nobody asked for a stop: the pool was closed under it.
    if (this.#stopping === undefined && end === undefined && error === undefined) return;
    if (this.#stopping === undefined) {
      if (error !== undefined) this.#failed(task, error);
      this.#events += end?.events ?? 0;
      this.#clocked ||= end?.clocked === true;
      if (end?.parts !== undefined && (task.number === 0 || this.#parts === undefined)) this.#parts = end.parts;
      (this.#values[task.point] ??= [])[task.replication] = end?.value ?? NaN;
      this.#sequencer.end(task.number);
      if (end?.failure !== undefined) this.#stop({ state: "failed", error: end.failure });
      else if (this.#sequencer.head === this.#runs * this.#plan.points) this.#roundIsOver();
    }
    if (this.#stopping !== undefined && this.#underWay.size === 0) void this.#close(this.#stopping);
  }

  #failed(task: PlannedTask, error: ArchitechError): void {
    this.#failures++;
    this.#firstFailure ??= error;
    const place = { point: task.point, replication: task.replication };
    this.#sequencer.add(
      task.number,
      "log",
      logTable.rows([{ ...place, code: error.code, node: "", message: error.message }]),
    );
    this.#sequencer.add(task.number, "summary", this.#tables.summary.row(place, undefined));
  }

  #roundIsOver(): void {
    const { precision, runs, points } = this.#plan;
    const further = precision === undefined ? 0 : furtherRuns(this.#runs, this.#width(precision), runs);
    this.#runs += further;
    if (further > 0) this.#pool.wake();
    else if (this.#failures === this.#runs * points && this.#firstFailure !== undefined)
      this.#stopping = { state: "failed", error: this.#firstFailure };
    else this.#stopping = { state: "done" };
  }

  #width({ share, confidence, paired }: NonNullable<Plan["precision"]>): number {
    if (paired) return relativePairedWidth(this.#values, confidence, share);
    return Math.max(...this.#values.map((values) => relativeWidth(values, confidence, share)));
  }

  #stop(end: RunEnd): void {
    if (this.#stopping !== undefined) return;
    this.#stopping = end;
    for (const { control: shared } of this.#underWay.values()) {
      Atomics.store(shared, control.stop, 1);
      Atomics.notify(shared, control.taken);
    }
    this.#pool.expectStop();
    if (this.#underWay.size === 0) void this.#close(end);
  }

  async #close(end: RunEnd): Promise<void> {
    this.#pool.detach(this);
    await this.#log.end();
    const failed: RunEnd | undefined =
      this.#log.error === undefined ? undefined : { state: "failed" as FinalState, error: this.#log.error };
    const parts = this.#parts;
    this.#finish(failed ?? { ...end, ...(parts === undefined ? {} : { parts }) });
  }
}
