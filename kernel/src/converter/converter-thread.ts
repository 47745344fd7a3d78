import { Worker } from "node:worker_threads";
import type { Completeness, Completion, Conversion, Converter, Inspection } from "./converter.js";
import type { Answer, Call } from "./worker.js";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Ten times what a long notebook needs. Where more is allowed, the garbage of hundreds of cells is left lying about. */
const memoryMb = 1024;

/** A converter in a thread of its own; the same calls, answered in the order they were made. */
export class ConverterThread {
  readonly #folder: string;
  readonly #memoryMb: number;
  readonly #onLost: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker;
  #next = 1;
  /** Whether this worker has ever answered; another like one that never did would fare no better. */
  #isProven = false;
  #error: Error | undefined;

  /** `onLost` is called when the thread ended by itself: a new one has taken its place, which knows no cell. */
  constructor(folder: string, onLost: () => void, options: { memoryMb?: number } = {}) {
    this.#folder = folder;
    this.#onLost = onLost;
    this.#memoryMb = options.memoryMb ?? memoryMb;
    this.#worker = this.#start();
  }

  convert(code: string): Promise<Conversion> {
    return this.#call("convert", [code]);
  }

  forget(cell: number, names: readonly string[]): Promise<void> {
    return this.#call("forget", [cell, names]);
  }

  complete(code: string, offset: number): Promise<Completion> {
    return this.#call("complete", [code, offset]);
  }

  inspect(code: string, offset: number): Promise<Inspection | undefined> {
    return this.#call("inspect", [code, offset]);
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#call("isComplete", [code]);
  }

  reset(): Promise<void> {
    return this.#call("reset", []);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #call<T>(method: keyof Converter, args: readonly unknown[]): Promise<T> {
    const id = this.#next++;
    if (this.#error !== undefined) return Promise.reject(this.#error);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  #take({ id, value, error }: Answer): void {
    this.#isProven = true;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: this.#folder,
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMb },
    });
    worker.on("message", (answer: Answer) => this.#take(answer));
    worker.on("error", (error: Error) => this.#lost(error));
    return worker;
  }

  #lost(cause: Error): void {
    const error = new Error(`the type checker ended: ${cause.message}`, { cause });
    if (this.#isProven) {
      this.#isProven = false;
      this.#worker = this.#start();
    } else this.#error = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#onLost();
  }
}
