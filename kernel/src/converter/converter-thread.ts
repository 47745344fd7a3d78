import { Worker } from "node:worker_threads";
import type { Completeness, Completion, Conversion, Converter, Inspection } from "./converter.js";
import type { Answer, Call } from "./worker.js";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A converter in a thread of its own; the same calls, answered in the order they were made. */
export class ConverterThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(folder: string) {
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: folder });
    this.#worker.on("message", (answer: Answer) => this.#take(answer));
    this.#worker.on("error", (error: Error) => this.#fail(error));
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
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  #take({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
