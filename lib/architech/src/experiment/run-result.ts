import type { RunParts } from "@architech/protocol";
import type { Table } from "apache-arrow";
import type { Estimate, Outcome } from "./outcome.js";
import { formatNumber, formatUnit } from "./quantity.js";
import { textTable } from "./text-table.js";

/** What a run gave: estimates over its replications. */
export class RunResult {
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  /** Identifier of the run. */
  get id(): string {
    return this.#outcome.run;
  }

  get seed(): number {
    return this.#outcome.request.options.seed;
  }

  /** Replications behind the estimates. */
  get runs(): number {
    return this.#outcome.runs;
  }

  /** Names of all metrics. */
  get metrics(): readonly string[] {
    return this.#outcome.metrics;
  }

  /** Nodes whose backlog was still growing at the end: their means do not converge. */
  get saturated(): readonly string[] {
    return this.#outcome.saturated();
  }

  /** What must be known beside the numbers, one sentence each. */
  get warnings(): readonly string[] {
    return this.#outcome.warnings;
  }

  /** Whether the tasks were simulated in parts that run beside each other, and why. */
  get parts(): RunParts {
    return this.#outcome.parts;
  }

  /** Mean and interval of a metric. Throws `unknown-metric`. */
  estimate(metric: string): Estimate {
    return this.#outcome.estimate(metric, 0);
  }

  /** The values behind an estimate, one for each replication. */
  values(metric: string): readonly number[] {
    return this.#outcome.values(metric, 0);
  }

  /** One row for each replication, as an Arrow table. */
  get summary(): Table {
    return this.#outcome.summary();
  }

  /** The intervals of the first replication, as an Arrow table. */
  series(): Promise<Table> {
    return this.#outcome.table("series");
  }

  /** Latency by node in logarithmic buckets, as an Arrow table. */
  histogram(): Promise<Table> {
    return this.#outcome.histogram();
  }

  /** The estimates as a table of text: those named, or else those that people ask for first. */
  table(...metrics: readonly string[]): string {
    const shown = metrics.length > 0 ? metrics : this.metrics.filter(isAskedFirst);
    const estimates = shown
      .map((metric) => this.estimate(metric))
      .filter(
        ({ mean, metric }) => metrics.length > 0 || !(Number.isNaN(mean) || (mean === 0 && metric.endsWith(".errors"))),
      );
    return [
      textTable(
        ["metric", "mean", "", interval(this.#outcome.request.options.confidence)],
        estimates.map(estimateCells),
        [0, 2],
      ),
      ...notes(this.#outcome),
    ].join("\n");
  }

  toString(): string {
    return this.table();
  }

  /** For `JSON.stringify`: the estimates by name. */
  toJSON(): unknown {
    const estimates = Object.fromEntries(this.metrics.map((metric) => [metric, this.estimate(metric)]));
    return {
      id: this.id,
      seed: this.seed,
      runs: this.runs,
      saturated: this.saturated,
      warnings: this.warnings,
      estimates,
    };
  }
}

/** Title of the column of intervals. */
export function interval(confidence: number): string {
  return `${Math.round(confidence * 100)} % interval`;
}

/** Mean, unit and interval as cells. */
function estimateCells({ metric, mean, low, high, unit }: Estimate): string[] {
  return [metric, formatNumber(mean), formatUnit(unit), intervalText(low, high)];
}

/** An interval in words. */
export function intervalText(low: number, high: number): string {
  return Number.isNaN(low) ? "–" : `${formatNumber(low)} to ${formatNumber(high)}`;
}

/** What stands below a table. */
export function notes(outcome: Outcome): string[] {
  const { runs } = outcome;
  const { seed, until } = outcome.request.options;
  const one =
    runs === 1
      ? ": one replication says nothing of how far replications differ, so there are no intervals (ask for runs: 5)"
      : "";
  return [
    "",
    `${runs} ${runs === 1 ? "replication" : "replications"} of ${until}, seed ${seed}${one}`,
    ...outcome.warnings.map((warning) => `! ${warning}`),
  ];
}

const first =
  /^(?:traffic\.(?:latency\.(?:mean|p50|p95|p99)|rate|errors|timeouts)|[^.]+\.(?:latency\.(?:mean|p99)|rate|util|depth\.mean|errors|hit\.ratio))$/;

function isAskedFirst(metric: string): boolean {
  return first.test(metric);
}
