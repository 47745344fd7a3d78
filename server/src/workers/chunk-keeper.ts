import type { Objects } from "../bus/bus.js";
import { busLimits } from "../bus/names.js";
import { type BegunTask, type ChunkProgress, packProgress, unpackProgress } from "../cluster/chunk-progress.js";
import type { TaskItem, TaskOutcome } from "../cluster/chunk-result.js";
import { OnceMore } from "../cluster/once-more.js";
import type { Log } from "../log.js";
import type { WorkerCounts } from "./worker-counts.js";

/** What the progress of one chunk is kept with. */
export interface ChunkKeeperOptions {
  readonly objects: Objects;
  /** Its name among them. */
  readonly key: string;
  /** Wall time between two checkpoints of a task, ms, and after which finished tasks are kept. */
  readonly everyMs: number;
  readonly log: Log;
  readonly counts: WorkerCounts;
  /** What is kept says that these tasks have come further. */
  readonly onStored?: (tasks: readonly number[]) => Promise<void>;
  /** Bytes of what is kept, at most. Default: what the bus takes. */
  readonly mostBytes?: number;
}

/** Keeps how far a chunk is on the bus, so that a worker that has it after this one does little again. */
export class ChunkKeeper implements ChunkProgress {
  done: Map<number, TaskOutcome> = new Map();
  begun: Map<number, BegunTask> = new Map();
  readonly everyMs: number;
  readonly #options: ChunkKeeperOptions;
  readonly #storing = new OnceMore(() => this.#store());
  /** Tasks with a checkpoint that is not kept yet. */
  #fresh = new Set<number>();
  #storedAt = performance.now();
  #isThere = false;
  #warned = false;

  constructor(options: ChunkKeeperOptions) {
    this.everyMs = options.everyMs;
    this.#options = options;
  }

  /** Takes over what another worker has kept. */
  async load(): Promise<void> {
    const { objects, key, log, counts } = this.#options;
    const bytes = await objects.get(key);
    if (bytes === undefined) return;
    this.#isThere = true;
    try {
      const { done, begun } = unpackProgress(bytes);
      this.done = new Map(done);
      this.begun = new Map(begun);
    } catch (error) {
      counts.refused();
      log.warn(`chunk ${key} begins anew: ${(error as Error).message}`);
    }
  }

  /** A task is so far, and has given this. */
  reached(task: number, items: readonly TaskItem[], checkpoint: Uint8Array): void {
    this.begun.set(task, { items: [...items], checkpoint });
    this.#fresh.add(task);
    void this.#storing.ask();
  }

  /** A task cannot go on from where it was. */
  refused(task: number, reason: string): void {
    const { key, log, counts } = this.#options;
    this.begun.delete(task);
    counts.refused();
    log.warn(`task ${task} of chunk ${key}: ${reason}`);
  }

  resumed(task: number): void {
    const { key, log, counts } = this.#options;
    counts.resumed();
    log.info(`task ${task} of chunk ${key} goes on from a checkpoint`);
  }

  /** A task has ended. */
  ended(task: number, outcome: TaskOutcome): void {
    this.begun.delete(task);
    this.#fresh.delete(task);
    this.done.set(task, outcome);
    if (performance.now() - this.#storedAt >= this.everyMs) void this.#storing.ask();
  }

  /** The chunk is over: nothing of it is kept any more. */
  async end(): Promise<void> {
    await this.#storing.idle();
    const { objects, key, log } = this.#options;
    if (this.#isThere)
      await objects.delete(key).catch((error: Error) => log.warn(`progress of ${key} stays: ${error.message}`));
  }

  /** Never rejects: a chunk goes on without being kept. */
  async #store(): Promise<void> {
    const { objects, key, log, counts, onStored, mostBytes = busLimits.object } = this.#options;
    const bytes = packProgress(this);
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    this.#storedAt = performance.now();
    if (bytes.byteLength > mostBytes) {
      counts.tooLarge();
      if (!this.#warned)
        log.warn(
          `chunk ${key} has ${bytes.byteLength} bytes of checkpoints, more than ${mostBytes}: they are not kept`,
        );
      this.#warned = true;
      return;
    }
    try {
      this.#isThere = true;
      await objects.put(bytes, key);
      counts.stored(bytes.byteLength);
      await onStored?.(fresh);
    } catch (error) {
      log.warn(`progress of chunk ${key} is not kept: ${(error as Error).message}`);
    }
  }
}
