import type { Labels, Metrics } from "../metrics/metrics.js";

/** How a session of parts has ended: with its task, since a part was lost, or before it began, since too few came. */
export type SessionEnd = "done" | "lost" | "not-begun";

/** What a worker has to do with parts of tasks that several work on, for Prometheus. */
export class PartCounts {
  /** Sessions that it leads at this moment, and parts of those of others that it has. */
  led = 0;
  taken = 0;
  readonly #ended: (by: number, labels: Labels) => void;
  readonly #bytes: (by: number, labels: Labels) => void;
  /** Counts a window that a part here has given. */
  readonly window: () => void;
  /** Counts words that were said once more, since they had not come. */
  readonly repeated: () => void;

  constructor(metrics: Metrics) {
    const gauge = (name: string, help: string, value: () => number): void =>
      metrics.gauge(name, help, [], async () => [{ value: value() }]);
    gauge("architech_parts_led", "Tasks in parts across workers that it leads.", () => this.led);
    gauge("architech_parts_taken", "Parts that it has of tasks of other workers.", () => this.taken);
    const ends = ["done", "lost", "not-begun"] satisfies readonly SessionEnd[];
    this.#ended = metrics.counter(
      "architech_part_sessions_total",
      "Sessions of parts that it has led, by how they ended.",
      ["end"],
      ends.map((end) => ({ end })),
    );
    this.window = metrics.counter("architech_part_windows_total", "Windows that parts here have given.");
    this.#bytes = metrics.counter(
      "architech_part_bytes_total",
      "Bytes of what parts here have heard and said.",
      ["direction"],
      [{ direction: "in" }, { direction: "out" }],
    );
    this.repeated = metrics.counter("architech_part_repeats_total", "Words of parts here that had to be said again.");
  }

  /** A session that it led is over. */
  ended(end: SessionEnd): void {
    this.#ended(1, { end });
  }

  said(bytes: number): void {
    this.#bytes(bytes, { direction: "out" });
  }

  heard(bytes: number): void {
    this.#bytes(bytes, { direction: "in" });
  }
}
