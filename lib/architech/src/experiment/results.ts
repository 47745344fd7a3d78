import type { CompareResult } from "./compare-result.js";
import type { RunResult } from "./run-result.js";
import type { SweepResult } from "./sweep-result.js";

/** What an experiment gave. */
export type ExperimentResult = RunResult | SweepResult | CompareResult;

const listeners = new Set<(result: ExperimentResult) => void>();

/** Calls the listener with the result of every experiment that is awaited from now on; returns what stops that. */
export function onResult(listener: (result: ExperimentResult) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Tells the listeners. */
export function announce(result: ExperimentResult): void {
  for (const listener of listeners) listener(result);
}
