// The thread in which TypeScript works, so that the kernel answers at once while it loads or thinks.
import "../compile-cache.js";
import { parentPort, workerData } from "node:worker_threads";
import type { Converter } from "./converter.js";
import { TypeScriptConverter } from "./typescript-converter.js";

/** A call of a method of the converter. */
export interface Call {
  readonly id: number;
  readonly method: keyof Converter;
  readonly args: readonly unknown[];
}

/** What the call came to. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const converter: Converter = new TypeScriptConverter(workerData as string);

parentPort?.on("message", ({ id, method, args }: Call) => {
  try {
    const value = (converter[method] as (...given: readonly unknown[]) => unknown).apply(converter, args as unknown[]);
    parentPort?.postMessage({ id, value } satisfies Answer);
  } catch (error) {
    parentPort?.postMessage({ id, error: (error as Error).stack ?? String(error) } satisfies Answer);
  }
});

// the first conversion reads the declarations of the language and of Node: let it happen before anyone waits for it
converter.complete("", 0);
