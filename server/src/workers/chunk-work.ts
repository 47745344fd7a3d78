import type { TableName } from "@architech/protocol";
import {
  control,
  type Job,
  kib,
  type LogRow,
  type PartsShared,
  type Plan,
  partsOf,
  plannedTask,
  type TaskEnd,
} from "architech/host";
import type { TaskItem, TaskOutcome } from "../cluster/chunk-result.js";
import type { ChunkKeeper } from "./chunk-keeper.js";
import type { SharedTask } from "./shared-task.js";

/** Some tasks of a run, one after the other. */
export interface SomeTasks {
  readonly first: number;
  readonly count: number;
}

/** Is told of each task that has ended here; `begun` in milliseconds since 1970. */
export type TaskEnded = (task: {
  readonly number: number;
  readonly begun: number;
  readonly outcome: TaskOutcome;
}) => void;

/** How some tasks are worked on. */
export interface ChunkWorkOptions {
  /** So many may work together on one task. */
  readonly threads: number;
  /** Knows how far they are. */
  readonly keeper: ChunkKeeper;
  readonly onEnd?: TaskEnded | undefined;
  /** Others that have parts of it, where it is one task. */
  readonly shared?: SharedTask | undefined;
}

/** Some tasks of a run, one after the other, and what comes of them. */
export class ChunkWork {
  /** What came of each task, once all have ended; undefined when they were stopped. */
  readonly done: Promise<readonly TaskOutcome[] | undefined>;
  readonly #plan: Plan;
  readonly #some: SomeTasks;
  readonly #options: ChunkWorkOptions;
  readonly #outcomes: TaskOutcome[];
  /** Numbers of tasks that are not given out yet. */
  readonly #left: number[] = [];
  readonly #controls = new Set<Int32Array<SharedArrayBuffer>>();
  #finish: (outcomes: readonly TaskOutcome[] | undefined) => void = () => {};
  #ended = 0;
  #stopped = false;
  #busyMs = 0;

  constructor(plan: Plan, some: SomeTasks, options: ChunkWorkOptions) {
    this.#plan = plan;
    this.#some = some;
    this.#options = options;
    this.#outcomes = new Array(some.count);
    this.done = new Promise((resolve) => (this.#finish = resolve));
    for (let place = 0; place < some.count; place++) {
      const known = options.keeper.done.get(some.first + place);
      if (known === undefined) this.#left.push(some.first + place);
      else this.#end(some.first + place, known);
    }
  }

  /** What it took, ms, summed over threads. */
  get busyMs(): number {
    return this.#busyMs;
  }

  next(): Job | undefined {
    const number = this.#stopped ? undefined : this.#left.shift();
    if (number === undefined) return undefined;
    const { threads, keeper, onEnd, shared } = this.#options;
    const parts = partsOf(this.#plan, threads, 1 + (shared?.helpers ?? 0));
    const task = plannedTask(this.#plan, number, typeof parts === "string" ? undefined : parts);
    const controls = new Int32Array(new SharedArrayBuffer(8));
    this.#controls.add(controls);
    const before = keeper.begun.get(number);
    if (before !== undefined) keeper.resumed(number);
    const items: TaskItem[] = [...(before?.items ?? [])];
    const begun = performance.now();
    const begunAt = Date.now();
    return {
      task,
      control: controls,
      checkpointMs: keeper.everyMs,
      ...(before === undefined ? {} : { from: before.checkpoint }),
      batch: (table: TableName, bytes: Uint8Array) => {
        items.push({ type: "batch", table, bytes });
        // All of it is kept here, so the thread need not wait for whoever takes it.
        Atomics.add(controls, control.taken, kib(bytes));
        Atomics.notify(controls, control.taken);
      },
      log: (rows: readonly LogRow[]) => void items.push({ type: "log", rows }),
      share: () => {},
      ...(shared === undefined ? {} : { shared: (parts: PartsShared) => shared.share(parts) }),
      checkpoint: (bytes: Uint8Array) => keeper.reached(number, items, bytes),
      refused: (reason: string) => {
        items.length = 0;
        keeper.refused(number, reason);
      },
      end: (end: TaskEnd | undefined, error) => {
        this.#controls.delete(controls);
        this.#busyMs += performance.now() - begun;
        if (end === undefined && error === undefined) {
          this.#stopped = true;
          this.#checkOver();
          return;
        }
        const outcome = end === undefined ? { items, error: error!.toJSON() } : { items, end: plain(end) };
        keeper.ended(number, outcome);
        onEnd?.({ number, begun: begunAt, outcome });
        this.#end(number, outcome);
      },
    };
  }

  /** Stops the tasks under way, and begins no other. */
  stop(): void {
    this.#stopped = true;
    for (const shared of this.#controls) {
      Atomics.store(shared, control.stop, 1);
      Atomics.notify(shared, control.taken);
    }
    this.#checkOver();
  }

  #end(number: number, outcome: TaskOutcome): void {
    this.#outcomes[number - this.#some.first] = outcome;
    this.#ended++;
    this.#checkOver();
  }

  #checkOver(): void {
    if (this.#controls.size > 0) return;
    if (this.#stopped) this.#finish(undefined);
    else if (this.#ended === this.#some.count) this.#finish(this.#outcomes);
  }
}

function plain({ events, value, clocked, parts }: TaskEnd): NonNullable<TaskOutcome["end"]> {
  return { events, value, clocked, ...(parts === undefined ? {} : { parts }) };
}
