import { appendFileSync } from "node:fs";
import { simulate as engine, type SimulateOptions, type Simulation, type Task } from "architech/host";

/** What of a task was done where: simulated times, one line each. */
function trace(what: "from" | "checkpoint" | "at", ms: number): void {
  appendFileSync(process.env["ARCHITECH_TEST_TRACE"]!, `${what} ${ms}\n`);
}

/** The engine, which says how far it is in the file that ARCHITECH_TEST_TRACE names. */
export function simulate(task: Task, options?: SimulateOptions): Simulation {
  const simulation = engine(task, options);
  trace("from", simulation.nowMs);
  const advance = simulation.advance.bind(simulation);
  const checkpoint = simulation.checkpoint!.bind(simulation);
  return Object.assign(simulation, {
    advance(untilMs: number, sliceMs?: number) {
      const rows = advance(untilMs, sliceMs);
      trace("at", simulation.nowMs);
      return rows;
    },
    checkpoint() {
      trace("checkpoint", simulation.nowMs);
      return checkpoint();
    },
  });
}
