import { randomUUID } from "node:crypto";
import { ArchitechError, errorFrom } from "@architech/protocol";
import type { Job, JobSource, TaskPool } from "architech/host";
import type { Objects, State, StateChange, WorkQueue } from "../bus/bus.js";
import type { Log } from "../log.js";
import { type Chunk, chunks, resultKey, tasksOf } from "./chunk.js";
import { type ChunkResult, type TaskOutcome, unpackResult } from "./chunk-result.js";
import { type ChunkSetting, ChunkSize } from "./chunk-size.js";
import { follow } from "./follow.js";
import { objectOf, unpackLarge } from "./large-value.js";
import { OnceMore } from "./once-more.js";
import { isUnreadable } from "./unreadable.js";

/** What one run's tasks are handed out with. */
export interface ChunkPoolOptions {
  readonly queue: WorkQueue;
  readonly lane: string;
  readonly results: State;
  readonly objects: Objects;
  readonly log: Log;
  readonly of: Pick<Chunk, "run" | "request" | "version" | "inline" | "trace">;
  /** Chunks that may be out at once: this run's share of all workers. */
  readonly share: () => number;
  /** All tasks together are done sooner than they could be handed out one by one. */
  readonly tiny: boolean;
  /** Threads of the worker that has most, and of all. */
  readonly threads: () => { readonly most: number; readonly all: number };
  /** Tasks of the run, as far as is known. */
  readonly total: () => number;
  /** Some tasks have ended. */
  readonly onResult: () => void;
  /** Nothing more can be handed out. */
  readonly onFailure: (error: Error) => void;
}

/** Hands out the tasks of one run in chunks over the bus, and hands back what came of them. */
export class ChunkPool implements TaskPool {
  readonly #options: ChunkPoolOptions;
  /** Distinguishes those who hand out the tasks of a run, or of runs of one id, one after the other: the queue takes each message once. */
  readonly #id: string = randomUUID();
  readonly #size: ChunkSize;
  readonly #large = new Set<string>();
  readonly #closed = new AbortController();
  /** Tasks that were handed out, by number. */
  readonly #jobs = new Map<number, Job>();
  /** The first tasks of chunks that are out. */
  readonly #out = new Set<string>();
  /** The results that were there before their tasks were drawn, by the number of the task. */
  readonly #early = new Map<number, string>();
  /** The last of those that was read. */
  #read: { readonly key: string; readonly result: ChunkResult } | undefined;
  /** How often something was handed out once more. */
  #again = 0;
  /** How many tasks have been drawn. */
  #drawn = 0;
  #source: JobSource | undefined;
  readonly #drawing = new OnceMore(() => this.#draw());

  constructor(options: ChunkPoolOptions) {
    this.#options = options;
    this.#size = new ChunkSize(options.tiny);
  }

  /** The objects in which results are that were too large for a message. */
  get large(): Iterable<string> {
    return this.#large;
  }

  get size(): number {
    return Math.max(1, this.#options.threads().most);
  }

  /** Far enough that every chunk which may be out is full. */
  get ahead(): number {
    const setting = this.#setting;
    return Math.min(20_000, Math.max(256, 2 * setting.share * this.#size.next(setting)));
  }

  get #setting(): ChunkSetting {
    const { share, threads, total } = this.#options;
    return { left: total() - this.#drawn, threads: threads().all, share: share() };
  }

  attach(source: JobSource): void {
    this.#source = source;
    const { results, of, log } = this.#options;
    const { signal } = this.#closed;
    const what = `the results of run ${of.run}`;
    void follow(results, of.run, { what, log, signal, checkMs: 0 }, (change) => {
      void this.#hear(change).catch(this.#options.onFailure);
    });
    this.wake();
  }

  detach(): void {
    this.#closed.abort();
    this.#source = undefined;
  }

  wake(): void {
    void this.#drawing.ask().catch(this.#options.onFailure);
  }

  expectStop(): void {
    // Whoever works on them hears of it another way. Not at once: the run is about to see for itself whether any is left.
    queueMicrotask(() => {
      for (const job of [...this.#jobs.values()]) job.end(undefined);
      this.#jobs.clear();
      this.#out.clear();
    });
  }

  async #draw(): Promise<void> {
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) await this.#publish(chunk);
  }

  /** The next tasks that are in no result yet, one after the other. */
  async #next(): Promise<{ first: number; count: number } | undefined> {
    let chunk: { first: number; count: number } | undefined;
    const setting = this.#setting;
    const most = this.#size.next(setting);
    while (this.#out.size < this.#size.out(setting)) {
      if (chunk !== undefined && chunk.count >= most) break;
      const job = this.#source?.next();
      if (job === undefined) break;
      const { number } = job.task;
      this.#jobs.set(number, job);
      this.#drawn = number + 1;
      const early = this.#early.get(number);
      if (early !== undefined && (await this.#give(early, number))) {
        if (chunk !== undefined) break;
      } else if (chunk === undefined) chunk = { first: number, count: 1 };
      else chunk.count++;
    }
    return chunk;
  }

  async #publish({ first, count }: { first: number; count: number }): Promise<void> {
    const { queue, lane, of } = this.#options;
    const key = resultKey({ run: of.run, first, count });
    const again = this.#out.has(key) ? `.${++this.#again}` : "";
    this.#out.add(key);
    await queue.publish(lane, chunks.pack({ ...of, first, count }), { id: `${key}.${this.#id}${again}` });
  }

  /** Gives a task what an earlier coordinator of the run has left for it; false when that is gone. */
  async #give(key: string, number: number): Promise<boolean> {
    this.#early.delete(number);
    if (this.#read?.key !== key) {
      const entry = await this.#options.results.get(key);
      if (entry === undefined) return false;
      const result = await this.#result(key, entry.value);
      if (result === undefined) return false;
      this.#read = { key, result };
    }
    this.#end(number, this.#read.result.tasks[number - tasksOf(key).first]);
    this.#options.onResult();
    return true;
  }

  async #hear({ key, value }: StateChange): Promise<void> {
    if (value === undefined || this.#closed.signal.aborted) return;
    const object = objectOf(value);
    if (object !== undefined) this.#large.add(object);
    const tasks = this.#tasksOf(key);
    if (tasks === undefined) return;
    const { first, count } = tasks;
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    if (!this.#out.has(key) && !numbers.some((number) => this.#jobs.has(number))) {
      for (const number of numbers) this.#early.set(number, key);
      return;
    }
    const result = await this.#result(key, value);
    if (this.#closed.signal.aborted) return;
    if (result === undefined) {
      if (this.#out.has(key)) await this.#publish(tasks);
      return;
    }
    this.#out.delete(key);
    this.#size.took(count, result.busyMs);
    for (const number of numbers) this.#end(number, result.tasks[number - first]);
    this.#options.onResult();
    this.wake();
  }

  /** Undefined, with a line in the log, for a key that no worker of ours writes. */
  #tasksOf(key: string): ReturnType<typeof tasksOf> | undefined {
    try {
      return tasksOf(key);
    } catch (error) {
      this.#options.log.warn((error as Error).message);
      return undefined;
    }
  }

  /** What came of a chunk. What is no result is removed, with a line in the log: then it is undefined, and to be done anew. */
  async #result(key: string, value: Uint8Array): Promise<ChunkResult | undefined> {
    const { results, objects, log } = this.#options;
    try {
      const result = unpackResult(await unpackLarge(value, objects));
      const { count } = tasksOf(key);
      if (result.tasks.length === count) return result;
      throw new ArchitechError("bad-message", `it is of ${result.tasks.length} tasks`);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      log.warn(`the result ${key} is thrown away: ${error.message}`);
      await results.delete(key);
      return undefined;
    }
  }

  #end(number: number, outcome: TaskOutcome | undefined): void {
    const job = this.#jobs.get(number);
    if (job === undefined || outcome === undefined) return;
    this.#jobs.delete(number);
    for (const item of outcome.items) {
      if (item.type === "log") job.log(item.rows);
      else job.batch(item.table, item.bytes);
    }
    job.end(outcome.end, outcome.error === undefined ? undefined : errorFrom(outcome.error));
  }
}
