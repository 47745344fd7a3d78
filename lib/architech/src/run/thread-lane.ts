import { Worker } from "node:worker_threads";
import { errorFrom, type WireError } from "@architech/protocol";
import type { Job, JobSource, Lane } from "./job.js";
import type { TaskEnd } from "./task-rows.js";
import { control, type FromWorker, type ToWorker } from "./worker-messages.js";

/** How long a thread may take to notice that it should stop before it is ended by force. */
const patienceMs = 1_000;

interface Working {
  readonly job: Job;
  readonly done: (outcome: "free" | "crashed") => void;
  /** Batches that an earlier attempt has given. */
  readonly skip: number;
  given: number;
}

/** A worker thread, kept warm between tasks. It keeps the process alive only while it works. */
export class ThreadLane implements Lane {
  readonly #worker: Worker;
  readonly #opened = new Set<string>();
  #job: Working | undefined;
  #gone = false;
  #isReady = false;
  /** Tasks that were stopped before the thread was ready to hear of them: it will answer them still. */
  #abandoned = 0;
  #error: Error | undefined;
  /** Batches that a job had given when its thread crashed: it will give the same ones again. */
  readonly #given: WeakMap<Job, number>;
  readonly #onGone: () => void;

  constructor(simulator: string | undefined, given: WeakMap<Job, number>, onGone: () => void) {
    this.#given = given;
    this.#onGone = onGone;
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: { simulator }, execArgv: [] });
    this.#worker.unref();
    this.#worker.on("message", (message: FromWorker) => this.#hear(message));
    this.#worker.on("error", (error) => {
      this.#error = error;
      this.#lost();
    });
    this.#worker.on("exit", () => this.#lost());
  }

  get busy(): boolean {
    return this.#job !== undefined;
  }

  /** What ended the thread, where that is known. */
  get error(): Error | undefined {
    return this.#error;
  }

  start(source: JobSource, job: Job, done: (outcome: "free" | "crashed") => void): void {
    this.#job = { job, done, skip: this.#given.get(job) ?? 0, given: 0 };
    this.#worker.ref();
    if (!this.#opened.has(source.run)) {
      this.#opened.add(source.run);
      this.#send({ type: "open", run: source.run, shape: source.shape, cutMs: source.cutMs, metric: source.metric });
    }
    this.#send({ type: "task", run: source.run, task: job.task, control: job.control });
  }

  forget(run: string): void {
    if (this.#opened.delete(run)) this.#send({ type: "close", run });
  }

  /** Ends the thread by force when it does not react to a stop in time. One that is still starting is not waited for. */
  expectStop(): void {
    const working = this.#job;
    if (working !== undefined && !this.#isReady && Atomics.load(working.job.control, control.stop) === 1) {
      this.#abandoned++;
      this.#free(working);
      return;
    }
    setTimeout(() => {
      if (working !== undefined && this.#job === working) void this.#worker.terminate();
    }, patienceMs).unref();
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    if (message.type === "ready") this.#isReady = true;
    if (message.type === "end" && this.#abandoned > 0) {
      this.#abandoned--;
      return;
    }
    const working = this.#job;
    if (working === undefined) return;
    switch (message.type) {
      case "batch":
        working.given++;
        if (working.given > working.skip) working.job.batch(message.table, message.bytes);
        break;
      case "log":
        working.given++;
        if (working.given > working.skip) working.job.log(message.rows);
        break;
      case "share":
        working.job.share(message.share);
        break;
      case "end":
        this.#free(working, message);
        break;
      case "ready":
        break;
    }
  }

  #free({ job, done }: Working, { end, error }: { end?: TaskEnd | undefined; error?: WireError } = {}): void {
    this.#job = undefined;
    this.#worker.unref();
    job.end(end, error === undefined ? undefined : errorFrom(error));
    done("free");
  }

  #lost(): void {
    if (this.#gone) return;
    this.#gone = true;
    const working = this.#job;
    this.#job = undefined;
    this.#onGone();
    if (working === undefined) return;
    this.#given.set(working.job, Math.max(working.skip, working.given));
    working.done("crashed");
  }
}
