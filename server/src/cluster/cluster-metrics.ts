import { isFinal } from "@architech/protocol";
import type { Metrics } from "../metrics/metrics.js";
import type { ClusterBus } from "./cluster-bus.js";
import type { RunRecords } from "./run-records.js";
import type { WorkerRegistry } from "./worker-registry.js";

/** What a service of runs shows of its cluster: each of several shows the same. */
export function measureCluster(
  metrics: Metrics,
  of: { readonly bus: ClusterBus; readonly records: RunRecords; readonly workers: WorkerRegistry },
): void {
  metrics.gauge(
    "architech_queue_chunks",
    "Chunks of tasks on the bus, by lane, waiting or taken.",
    ["lane", "state"],
    async () =>
      Object.entries(await of.bus.tasks.depth()).flatMap(([lane, depth]) => [
        { labels: { lane, state: "waiting" }, value: depth.waiting },
        { labels: { lane, state: "taken" }, value: depth.taken },
      ]),
  );
  metrics.gauge("architech_runs", "Runs that are not over, by state.", ["state"], async () => {
    const counts = { queued: 0, running: 0 };
    for (const { info } of of.records.all()) if (!isFinal(info.state)) counts[info.state as "queued" | "running"]++;
    return Object.entries(counts).map(([state, value]) => ({ labels: { state }, value }));
  });
  metrics.gauge("architech_tasks_left", "Tasks of runs that are not over, not done yet.", [], async () => [
    {
      value: of.records
        .all()
        .filter(({ info }) => !isFinal(info.state))
        .reduce((left, { info }) => left + info.total - info.done, 0),
    },
  ]);
  metrics.gauge("architech_workers", "Workers of the cluster.", [], async () => [{ value: of.workers.all().length }]);
  metrics.gauge("architech_worker_threads", "Threads of the workers of the cluster.", [], async () => [
    { value: of.workers.threads },
  ]);
}
