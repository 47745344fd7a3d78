import type { Answer } from "../experiment/stream-source.js";
import type { LogRow } from "../experiment/stream-tables.js";
import { simulate } from "../simulation/simulate.js";
import { type Plan, plannedTask } from "./plan.js";
import { logRows } from "./task-rows.js";

/** Wall time after which others have their turn. */
const sliceMs = 8;

/** Whom an answer is for. */
export interface Asker {
  /** Whether the answer is wanted still. */
  isWanted(): boolean;
  /** Told of tasks that are done, and of their events. */
  progress(done: number, events: number): void;
}

/**
 * Simulates a plan in this thread for its summary and nothing else: no series, no histograms, no stream. The values are
 * those of the stream, bit for bit. Undefined when it is not wanted any more.
 */
export async function answer(plan: Plan, asker: Asker): Promise<Answer | undefined> {
  const rows: Answer["rows"][number][] = [];
  const log: LogRow[] = [];
  let events = 0;
  let yielded = performance.now();
  for (let number = 0; number < plan.runs * plan.points; number++) {
    const { task, point, replication } = plannedTask(plan, number);
    const simulation = simulate(task, { series: false, histogram: false });
    while (asker.isWanted() && !simulation.done) {
      simulation.advance(task.options.untilMs, sliceMs);
      if (performance.now() - yielded < sliceMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      yielded = performance.now();
    }
    if (!asker.isWanted()) return undefined;
    const result = simulation.result();
    events += result.events;
    rows.push({ point, replication, result });
    log.push(...logRows({ point, replication }, result));
    asker.progress(number + 1, events);
  }
  return { shape: plan.shape, rows, log };
}
