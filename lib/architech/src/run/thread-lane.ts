import { Worker } from "node:worker_threads";
import { errorFrom, type WireError } from "@architech/protocol";
import type { Job, JobSource, Lane, LaneOutcome } from "./job.js";
import { FirstPart, type PartsShared } from "./parts-elsewhere.js";
import type { TaskEnd } from "./task-rows.js";
import { control, type FromWorker, type ToWorker } from "./worker-messages.js";

/** How long a thread may take to notice that it should stop before it is ended by force. */
const patienceMs = 1_000;

interface Working {
  readonly job: Job;
  readonly done: (outcome: LaneOutcome) => void;
  readonly attempts: Attempts;
  /** Batches that this attempt has given, those before its checkpoint among them. */
  given: number;
}

/** How far a job has come, in as many attempts as its threads crashed: each gives the same batches. */
export interface Attempts {
  /** Batches that were given. */
  given: number;
  /** Where the next attempt goes on from, and the batches that were given before. */
  from: Uint8Array | undefined;
  fromGiven: number;
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
  readonly #attempts: WeakMap<Job, Attempts>;
  readonly #onGone: () => void;

  constructor(simulator: string | undefined, attempts: WeakMap<Job, Attempts>, onGone: () => void) {
    this.#attempts = attempts;
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

  start(source: JobSource, job: Job, done: (outcome: LaneOutcome) => void): void {
    const attempts = this.#attempts.get(job) ?? { given: 0, from: job.from, fromGiven: 0 };
    this.#attempts.set(job, attempts);
    this.#job = { job, done, attempts, given: attempts.fromGiven };
    this.#worker.ref();
    if (!this.#opened.has(source.run)) {
      this.#opened.add(source.run);
      this.#send({ type: "open", run: source.run, shape: source.shape, cutMs: source.cutMs, metric: source.metric });
    }
    const { task, control: shared, checkpointMs } = job;
    this.#send({ type: "task", run: source.run, task, control: shared, checkpointMs, from: attempts.from });
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
    if ((message.type === "end" || message.type === "lost") && this.#abandoned > 0) {
      this.#abandoned--;
      return;
    }
    const working = this.#job;
    if (working === undefined) return;
    switch (message.type) {
      case "batch":
        if (isNew(working)) working.job.batch(message.table, message.bytes);
        break;
      case "log":
        if (isNew(working)) working.job.log(message.rows);
        break;
      case "checkpoint":
        working.attempts.from = message.bytes;
        working.attempts.fromGiven = working.given;
        working.job.checkpoint?.(message.bytes);
        break;
      case "refused":
        beginAnew(working, message.reason);
        break;
      case "share":
        working.job.share(message.share);
        break;
      case "shared":
        if (working.job.shared === undefined) refuse(message.shared);
        else working.job.shared(message.shared);
        break;
      case "lost":
        this.#job = undefined;
        this.#worker.unref();
        working.job.lost?.(message.reason);
        working.done("lost");
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
    working.done("crashed");
  }
}

/** Counts something that was given: whether no attempt before has given it. */
function isNew(working: Working): boolean {
  const { attempts } = working;
  working.given++;
  if (working.given <= attempts.given) return false;
  attempts.given = working.given;
  return true;
}

/** Nobody here is in touch with other processes. */
function refuse(shared: PartsShared): void {
  new FirstPart(shared, { window() {}, command() {}, closed() {} }).fail("there are no other workers");
}

function beginAnew(working: Working, reason: string): void {
  const { attempts, job } = working;
  if (attempts.from === job.from) {
    // What was given before is not known here, and will be given again.
    attempts.given = 0;
    job.refused?.(reason);
  }
  attempts.from = undefined;
  attempts.fromGiven = working.given = 0;
}
