import type { ChunkResult } from "../cluster/chunk-result.js";
import type { Labels, Metrics } from "../metrics/metrics.js";
import { measureWork } from "../runs/run-metrics.js";
import { PartCounts } from "./part-counts.js";

/** What a worker has done, for Prometheus. */
export class WorkerCounts {
  /** Tasks that were done, failed ones included. */
  tasks = 0;
  /** Events that were simulated for them. */
  events = 0;
  /** Of tasks that several workers have. */
  readonly parts: PartCounts;
  readonly #failures: (by: number, labels: Labels) => void;
  readonly #busy: (by?: number) => void;
  /** Counts a checkpoint that was stored, of so many bytes. */
  readonly stored: (bytes: number) => void;
  /** Counts a checkpoint that was left out, since it is too large. */
  readonly tooLarge: () => void;
  /** Counts a task that goes on from a checkpoint. */
  readonly resumed: () => void;
  /** Counts a checkpoint that could not be gone on from. */
  readonly refused: () => void;

  constructor(metrics: Metrics, of: { readonly threads: () => number; readonly inWork: () => number }) {
    measureWork(metrics, () => ({ threads: of.threads(), tasks: this.tasks, events: this.events }));
    this.#failures = metrics.counter(
      "architech_tasks_failed_total",
      "Tasks of them that failed, by the code of the error.",
      ["code"],
      // Of the one that nobody must miss an increase can be seen from the first.
      [{ code: "worker-crashed" }],
    );
    this.#busy = metrics.counter("architech_task_seconds_total", "Time that tasks took, summed over threads.");
    metrics.gauge("architech_chunks_in_work", "Chunks of tasks in work.", [], async () => [{ value: of.inWork() }]);
    const stored = metrics.counter("architech_checkpoints_total", "Checkpoints of tasks that were stored.");
    const bytes = metrics.counter("architech_checkpoint_bytes_total", "Bytes of them.");
    this.stored = (size) => {
      stored();
      bytes(size);
    };
    this.tooLarge = metrics.counter(
      "architech_checkpoints_too_large_total",
      "Checkpoints that were left out since they are too large for the bus.",
    );
    this.resumed = metrics.counter("architech_tasks_resumed_total", "Tasks that went on from a checkpoint.");
    this.parts = new PartCounts(metrics);
    this.refused = metrics.counter(
      "architech_checkpoints_refused_total",
      "Checkpoints of another version, or damaged, whose tasks began anew.",
    );
  }

  did({ busyMs, tasks }: ChunkResult): void {
    this.tasks += tasks.length;
    this.events += tasks.reduce((sum, { end }) => sum + (end?.events ?? 0), 0);
    for (const { error } of tasks) if (error !== undefined) this.#failures(1, { code: error.code });
    this.#busy(busyMs / 1000);
  }
}
