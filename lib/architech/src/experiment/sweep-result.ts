import type { RunParts } from "@architech/protocol";
import type { Table } from "apache-arrow";
import type { Estimate, Outcome } from "./outcome.js";
import { formatNumber, formatUnit } from "./quantity.js";
import { intervalText, notes } from "./run-result.js";
import type { PointKey } from "./stream-tables.js";
import { textTable } from "./text-table.js";
import type { Row } from "./view.js";

/** One point of a finished sweep. */
export interface SweepPoint {
  readonly key: PointKey;
  readonly saturated: readonly string[];
  estimate(metric: string): Estimate;
}

/** What a sweep gave: a row for each point. */
export class SweepResult implements Iterable<Row> {
  readonly points: readonly SweepPoint[];
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
    this.points = outcome.request.points.map(
      ({ key }, point): SweepPoint => ({
        key,
        get saturated() {
          return outcome.saturated(point);
        },
        estimate: (metric) => outcome.estimate(metric, point),
      }),
    );
  }

  get id(): string {
    return this.#outcome.run;
  }

  get seed(): number {
    return this.#outcome.request.options.seed;
  }

  get runs(): number {
    return this.#outcome.runs;
  }

  get metrics(): readonly string[] {
    return this.#outcome.metrics;
  }

  get saturated(): readonly string[] {
    return this.#outcome.saturated();
  }

  get warnings(): readonly string[] {
    return this.#outcome.warnings;
  }

  /** Whether the tasks were simulated in parts that run beside each other, and why. */
  get parts(): RunParts {
    return this.#outcome.parts;
  }

  /** One row for each point: its keys, and of every metric the mean, `<metric>.low` and `<metric>.high`; `runs` behind them. */
  get rows(): readonly Row[] {
    return this.points.map((point) => {
      const row: Record<string, number | string> = { ...point.key };
      for (const metric of this.metrics) {
        const { mean, low, high } = point.estimate(metric);
        row[metric] = mean;
        row[`${metric}.low`] = low;
        row[`${metric}.high`] = high;
      }
      row["runs"] = this.runs;
      return row;
    });
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  /** The point whose keys have these values. */
  at(key: PointKey): SweepPoint | undefined {
    return this.points.find((point) => Object.entries(key).every(([name, value]) => point.key[name] === value));
  }

  /** One row for each point and replication, as an Arrow table. */
  get summary(): Table {
    return this.#outcome.summary();
  }

  series(): Promise<Table> {
    return this.#outcome.table("series");
  }

  histogram(): Promise<Table> {
    return this.#outcome.histogram();
  }

  /** The points as a table of text, with the metrics named or else latency and throughput of the traffic. */
  table(...metrics: readonly string[]): string {
    const shown =
      metrics.length > 0
        ? metrics
        : ["traffic.latency.mean", "traffic.latency.p99", "traffic.rate"].filter((metric) =>
            this.metrics.includes(metric),
          );
    const keys = Object.keys(this.points[0]?.key ?? {});
    const head = [...keys, ...shown.flatMap((metric) => [metric, "interval"]), "saturated"];
    const rows = this.points.map((point) => [
      ...keys.map((key) => String(point.key[key])),
      ...shown.flatMap((metric) => {
        const { mean, low, high, unit } = point.estimate(metric);
        return [`${formatNumber(mean)} ${formatUnit(unit)}`.trimEnd(), intervalText(low, high)];
      }),
      point.saturated.join(" "),
    ]);
    const filled = head.map((_, i) => i).filter((i) => head[i] !== "saturated" || rows.some((row) => row[i] !== ""));
    const pick = (cells: readonly string[]): string[] => filled.map((i) => cells[i] ?? "");
    return [textTable(pick(head), rows.map(pick), []), ...notes(this.#outcome)].join("\n");
  }

  toString(): string {
    return this.table();
  }

  toJSON(): unknown {
    return {
      id: this.id,
      seed: this.seed,
      runs: this.runs,
      saturated: this.saturated,
      warnings: this.warnings,
      rows: this.rows,
    };
  }
}
