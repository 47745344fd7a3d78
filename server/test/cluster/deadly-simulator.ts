import { simulate as engine, type SimulateOptions, type Simulation, type Task } from "architech/host";

/** The engine, but for a service of three threads: that ends the process, as a lack of memory does, as soon as it could begin. */
export function simulate(task: Task, options?: SimulateOptions): Simulation {
  // In parts, the others have theirs by now.
  const simulation = engine(task, options);
  const isDeadly = Object.values(task.model.nodes).some((node) => node.kind === "service" && node.threads === 3);
  if (isDeadly) process.kill(process.pid, "SIGKILL");
  return simulation;
}
