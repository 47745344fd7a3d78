import { isFinal, type RunInfo } from "@architech/protocol";
import type { PoolWork } from "architech/host";
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

type Work = Omit<PoolWork, "busy">;

/** Shows what the threads of a process have done that simulates: a worker, or a server of runs that has none. */
export function measureWork(metrics: Metrics, work: () => Work): void {
  const reading = (of: (work: Work) => number) => async () => [{ value: of(work()) }];
  metrics.total(
    "architech_tasks_total",
    "Tasks that were simulated, or found to be impossible.",
    [],
    reading(({ tasks }) => tasks),
  );
  metrics.total(
    "architech_events_total",
    "Events that were simulated.",
    [],
    reading(({ events }) => events),
  );
  metrics.gauge(
    "architech_threads",
    "Threads that this process simulates on.",
    [],
    reading(({ threads }) => threads),
  );
}
