import type { Plan } from "architech/host";

/** The lanes of the queue of tasks: what somebody waits for, and what is fetched later. */
export type RunLane = "interactive" | "batch";

/** The first goes before the second. */
export const runLanes: readonly RunLane[] = ["interactive", "batch"];

/** Tasks with which somebody waits for the answer. */
const interactiveTasks = 32;

export function laneOf({ points, runs, tiny }: Plan): RunLane {
  return tiny || points * runs <= interactiveTasks ? "interactive" : "batch";
}
