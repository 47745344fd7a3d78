import { register } from "node:module";
import type { ExperimentResult } from "architech";
import { onResult } from "architech";
import type { HookData } from "./hooks.js";

/** A result and the name under which the script exports it, if it does. */
export interface NamedResult {
  readonly name: string | undefined;
  readonly result: ExperimentResult;
}

/**
 * Runs a compiled script and waits for the experiments that it exports. Calls `report` with each result that it awaited
 * or exported, in the end, also when it fails. Throws what the script throws.
 */
export async function executeScript(
  url: string,
  files: ReadonlyMap<string, string>,
  report: (named: NamedResult) => void,
): Promise<void> {
  const data: HookData = { files, ours: import.meta.url };
  register("./hooks.js", { parentURL: import.meta.url, data });
  process.setSourceMapsEnabled(true);
  const awaited = new Set<ExperimentResult>();
  const names = new Map<unknown, string>();
  const stop = onResult((result) => awaited.add(result));
  try {
    const exported = Object.entries((await import(url)) as Record<string, unknown>);
    for (const [name, value] of exported) names.set(isExperiment(value) ? await value : value, name);
  } finally {
    stop();
    for (const result of awaited) report({ name: names.get(result), result });
  }
}

function isExperiment(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}
