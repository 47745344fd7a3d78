import type { TableName } from "@architech/protocol";
import { control, type Job, kib, type LogRow, type Plan, partsOf, plannedTask, type TaskEnd } from "architech/host";
import type { TaskItem, TaskOutcome } from "../cluster/chunk-result.js";

/** Some tasks of a run, one after the other, and what comes of them. */
export class ChunkWork {
  /** What came of each task, once all have ended; undefined when they were stopped. */
  readonly done: Promise<readonly TaskOutcome[] | undefined>;
  readonly #plan: Plan;
  readonly #first: number;
  readonly #count: number;
  readonly #threads: number;
  readonly #outcomes: TaskOutcome[] = [];
  readonly #controls = new Set<Int32Array<SharedArrayBuffer>>();
  #finish: (outcomes: readonly TaskOutcome[] | undefined) => void = () => {};
  #given = 0;
  #ended = 0;
  #stopped = false;
  #busyMs = 0;

  /** `threads`: so many may work together on one task. */
  constructor(plan: Plan, { first, count }: { readonly first: number; readonly count: number }, threads: number) {
    this.#plan = plan;
    this.#first = first;
    this.#count = count;
    this.#threads = threads;
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  /** What it took, ms, summed over threads. */
  get busyMs(): number {
    return this.#busyMs;
  }

  next(): Job | undefined {
    if (this.#stopped || this.#given === this.#count) return undefined;
    const place = this.#given++;
    const parts = partsOf(this.#plan, this.#threads);
    const task = plannedTask(this.#plan, this.#first + place, typeof parts === "string" ? undefined : parts);
    const shared = new Int32Array(new SharedArrayBuffer(8));
    this.#controls.add(shared);
    const items: TaskItem[] = [];
    const begun = performance.now();
    return {
      task,
      control: shared,
      batch: (table: TableName, bytes: Uint8Array) => {
        items.push({ type: "batch", table, bytes });
        // All of it is kept here, so the thread need not wait for whoever takes it.
        Atomics.add(shared, control.taken, kib(bytes));
        Atomics.notify(shared, control.taken);
      },
      log: (rows: readonly LogRow[]) => void items.push({ type: "log", rows }),
      share: () => {},
      end: (end: TaskEnd | undefined, error) => {
        this.#controls.delete(shared);
        this.#busyMs += performance.now() - begun;
        if (end !== undefined) this.#outcomes[place] = { items, end: plain(end) };
        else if (error !== undefined) this.#outcomes[place] = { items, error: error.toJSON() };
        else this.#stopped = true;
        this.#ended++;
        this.#checkOver();
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

  #checkOver(): void {
    if (this.#ended < this.#given) return;
    if (this.#stopped) this.#finish(undefined);
    else if (this.#ended === this.#count) this.#finish(this.#outcomes);
  }
}

function plain({ events, value, clocked, parts }: TaskEnd): NonNullable<TaskOutcome["end"]> {
  return { events, value, clocked, ...(parts === undefined ? {} : { parts }) };
}
