import type { Metrics } from "../metrics/metrics.js";
import { measureRuns } from "../runs/run-metrics.js";
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
  metrics.gauge(
    "architech_queue_oldest_seconds",
    "How long the oldest chunk of tasks on the bus has been there, by lane.",
    ["lane"],
    async () =>
      Object.entries(await of.bus.tasks.oldest()).map(([lane, ms]) => ({ labels: { lane }, value: ms / 1000 })),
  );
  measureRuns(metrics, async () => of.records.all().map(({ info }) => info));
  metrics.gauge("architech_workers", "Workers of the cluster.", [], async () => [{ value: of.workers.all().length }]);
  metrics.gauge("architech_worker_threads", "Threads of the workers of the cluster.", [], async () => [
    { value: of.workers.threads },
  ]);
}
