import { simulate as engine, type SimulateOptions, type Simulation, type Task } from "architech/host";

/** The engine, but for a service of three threads: that ends the process at once, as a lack of memory does. */
export function simulate(task: Task, options?: SimulateOptions): Simulation {
  const { api } = task.model.nodes;
  if (api !== undefined && "threads" in api && api.threads === 3) process.kill(process.pid, "SIGKILL");
  return engine(task, options);
}
