import assert from "node:assert/strict";
import type { RunParts } from "@architech/protocol";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";
import { type SimulateOptions, simulate } from "#src/simulation/simulate.js";
import type { TaskOptions, TaskResult } from "#src/simulation/task.js";

const bounds = { maxEvents: 300_000, maxWallMs: 60_000, maxInside: 50_000 };

/** Everything that a task gives. */
export interface Everything {
  readonly result: Omit<TaskResult, "value">;
  /** Rows of the series: node, time and so on. */
  readonly rows: readonly (readonly number[])[];
  readonly parts: RunParts | undefined;
}

/** Simulates a task in steps of 33 ms of simulated time. */
export function everything(
  model: ModelDocument,
  changed: Partial<TaskOptions> = {},
  options: SimulateOptions = {},
): Everything {
  const taskOptions = { untilMs: 100, warmupMs: 0, everyMs: 12.5, bounds, ...changed };
  const simulation = simulate({ model: validate(model), options: taskOptions, seed: 3, replication: 0 }, options);
  const rows: number[][] = [];
  for (let cut = 33; !simulation.done; cut += 33) {
    const columns = Object.values(simulation.advance(cut)) as readonly ArrayLike<number>[];
    for (let i = 0; i < columns[0]!.length; i++) rows.push(columns.map((column) => column[i]!));
  }
  const { value: _, ...result } = simulation.result();
  simulation.close?.();
  return { result, rows, parts: simulation.parts };
}

/** Throws unless a task gives the same in parts as it does as one, bit for bit. Returns how it was simulated. */
export function sameInParts(
  model: ModelDocument,
  changed: Partial<TaskOptions>,
  parts: NonNullable<SimulateOptions["parts"]>,
): RunParts {
  const one = everything(model, changed);
  const found = everything(model, changed, { parts });
  assert.deepEqual(found.result, one.result);
  assert.deepEqual(found.rows, one.rows);
  return found.parts!;
}
