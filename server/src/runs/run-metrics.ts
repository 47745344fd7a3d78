import { isFinal, type RunInfo } from "@architech/protocol";
import type { Metrics } from "../metrics/metrics.js";

/** Shows which runs are not over, and what they have to do. */
export function measureRuns(metrics: Metrics, all: () => Promise<readonly RunInfo[]>): void {
  const open = async () => (await all()).filter(({ state }) => !isFinal(state));
  metrics.gauge("architech_runs", "Runs that are not over, by state.", ["state"], async () => {
    const runs = await open();
    const inState = (state: RunInfo["state"]) => runs.filter((run) => run.state === state).length;
    return (["queued", "running"] as const).map((state) => ({ labels: { state }, value: inState(state) }));
  });
  metrics.gauge("architech_tasks_left", "Tasks of runs that are not over, not done yet.", [], async () => [
    { value: (await open()).reduce((left, { total, done }) => left + total - done, 0) },
  ]);
}
