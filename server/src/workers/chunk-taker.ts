import { pause } from "@architech/protocol";
import type { Delivery, WorkQueue } from "../bus/bus.js";
import { readable } from "../bus/message-format.js";
import { Wakeup } from "../bus/wakeup.js";
import { type Chunk, chunks, resultKey } from "../cluster/chunk.js";
import { chunkAckWaitMs } from "../cluster/cluster-bus.js";
import { type RunLane, runLanes } from "../cluster/run-lane.js";
import { isUnreadable } from "../cluster/unreadable.js";
import type { Log } from "../log.js";

/** How long a chunk waits that this worker cannot do. */
const retryMs = 2_000;

/** How long a chunk waits that only workers of another version may do. */
const foreignRetryMs = 250;

/** How chunks are taken. */
export interface ChunkTakerOptions {
  readonly tasks: WorkQueue;
  readonly log: Log;
  /** Threads that there are for chunks at this moment. */
  readonly threads: () => number;
  /** Does a chunk that comes for the `attempt`th time; false where only workers of another version may. What it throws is tried again, by whoever takes it then. */
  readonly work: (chunk: Chunk, attempt: number) => Promise<boolean>;
}

/** Takes chunks of tasks from the bus, as many as there is room for, and gives back or ends each. */
export class ChunkTaker {
  readonly #options: ChunkTakerOptions;
  readonly #stopped = new AbortController();
  /** Stops the take under way, since there is less to take, or more. */
  #retake = new AbortController();
  readonly #roomChanged = new Wakeup();
  /** Chunks in work, and their lanes. */
  readonly #inWork = new Map<Promise<void>, RunLane>();
  readonly #acks = new Set<Promise<void>>();
  #taking: Promise<void> | undefined;

  constructor(options: ChunkTakerOptions) {
    this.#options = options;
  }

  get isTaking(): boolean {
    return this.#taking !== undefined && !this.#stopped.signal.aborted;
  }

  /** Chunks in work. */
  get inWork(): number {
    return this.#inWork.size;
  }

  start(): void {
    this.#taking = this.#take();
  }

  /** There are more threads, or fewer. */
  changed(): void {
    this.#retake.abort();
    this.#roomChanged.wake();
  }

  /** Takes nothing more, and resolves once what is in work has ended. */
  async drain(): Promise<void> {
    this.#stopped.abort();
    this.changed();
    await this.#taking;
    await Promise.all(this.#inWork.keys());
    await Promise.all(this.#acks);
  }

  async #take(): Promise<void> {
    const { tasks, log } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const changed = this.#roomChanged.next;
      const lanes = runLanes.filter((lane) => this.#room(lane) > 0);
      if (lanes.length === 0) {
        await Promise.race([...this.#inWork.keys(), changed]);
        continue;
      }
      if (this.#retake.signal.aborted) this.#retake = new AbortController();
      const { signal: stopped } = this.#retakeWithMore(runLanes.filter((lane) => !lanes.includes(lane)));
      const max = Math.min(...lanes.map((lane) => this.#room(lane)));
      try {
        const taken = await tasks.take({ max, lanes, signal: stopped });
        const read = await readable(taken, chunks, log);
        for (const { delivery, message } of read) this.#begin(delivery, message);
      } catch (error) {
        if (signal.aborted) return;
        log.warn(`no work can be taken: ${(error as Error).message}`);
        await pause(retryMs, signal);
      }
    }
  }

  /**
   * How many more chunks of a lane may be taken now: one more than there are free threads, so that none waits for the
   * next. Of each lane, so that what somebody waits for does not wait for the end of what is fetched later.
   */
  #room(lane: RunLane): number {
    const free = this.#options.threads();
    const taken = [...this.#inWork.values()].filter((other) => other === lane).length;
    return free > 0 ? free + 1 - taken : 0;
  }

  /** What stops the take that begins now, also once one of these lanes, which are full, has room again. */
  #retakeWithMore(full: readonly RunLane[]): AbortController {
    const retake = this.#retake;
    const over = [...this.#inWork].filter(([, lane]) => full.includes(lane)).map(([work]) => work);
    void Promise.race(over).then(() => retake.abort());
    return retake;
  }

  #begin(delivery: Delivery, chunk: Chunk): void {
    const extend = setInterval(() => void delivery.extend().catch(() => {}), chunkAckWaitMs / 3);
    const work = this.#work(delivery, chunk).finally(() => {
      clearInterval(extend);
      this.#inWork.delete(work);
    });
    this.#inWork.set(work, delivery.lane === "interactive" ? "interactive" : "batch");
  }

  async #work(delivery: Delivery, chunk: Chunk): Promise<void> {
    const { log, work } = this.#options;
    try {
      if (await work(chunk, delivery.attempt)) this.#ack(delivery);
      else await delivery.retry(foreignRetryMs);
    } catch (error) {
      const { message } = error as Error;
      log.warn(`chunk ${resultKey(chunk)}: ${message}`);
      // What is stored of its run is not that of a run, and will not be.
      const over = isUnreadable(error) && error.code === "bad-message";
      await (over ? delivery.drop(message) : delivery.retry(retryMs)).catch(() => {});
    }
  }

  /** Ends a delivery beside the work: what came of it is stored, so it would only be found again if this did not succeed. */
  #ack(delivery: Delivery): void {
    const ack = delivery
      .ack()
      .catch((error: Error) => this.#options.log.warn(`message ${delivery.id} comes again: ${error.message}`))
      .finally(() => this.#acks.delete(ack));
    this.#acks.add(ack);
  }
}
