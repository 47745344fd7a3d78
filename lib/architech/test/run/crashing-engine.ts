import { existsSync, writeFileSync } from "node:fs";
import { simulate as engine, type SimulateOptions } from "#src/simulation/simulate.js";
import type { Simulation, Task } from "#src/simulation/task.js";

/**
 * The engine, but that it ends its thread in the middle of a task, once: the name of the model is a file that is written
 * then, and afterwards has the simulated time at which it was begun again.
 */
export function simulate(task: Task, options?: SimulateOptions): Simulation {
  const mark = task.model.name!;
  const simulation = engine(task, options);
  const again = existsSync(mark);
  if (again) writeFileSync(mark, String(simulation.nowMs));
  const advance = simulation.advance.bind(simulation);
  return Object.assign(simulation, {
    advance(untilMs: number, sliceMs?: number) {
      if (!again && simulation.nowMs > task.options.untilMs / 2) {
        writeFileSync(mark, "");
        process.exit(1);
      }
      return advance(untilMs, sliceMs);
    },
  });
}
