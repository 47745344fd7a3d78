import type { RunParts } from "@architech/protocol";
import type { Table } from "apache-arrow";
import type { Confidence, Interval } from "./interval.js";
import type { Outcome } from "./outcome.js";
import { formatNumber, formatUnit } from "./quantity.js";
import { interval, intervalText, notes } from "./run-result.js";
import { textTable } from "./text-table.js";
import { judge, type Verdict } from "./verdict.js";

/** A scenario's estimate. */
export interface ScenarioRow extends Interval {
  readonly scenario: string;
}

/** What a comparison gave: a verdict, and each scenario's estimate of the metric. */
export class CompareResult implements Iterable<ScenarioRow> {
  readonly metric: string;
  readonly confidence: Confidence;
  readonly best: string;
  readonly difference: Verdict["difference"];
  /** Paired replications. */
  readonly runs: number;
  /** The verdict in a sentence. */
  readonly verdict: string;
  readonly rows: readonly ScenarioRow[];
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    const { metric = "", confidence } = outcome.request.options;
    const scenarios = outcome.request.points.map(({ key }) => String(key["scenario"]));
    this.#outcome = outcome;
    this.metric = metric;
    this.confidence = confidence;
    this.rows = scenarios.map((scenario, i) => {
      const { mean, low, high, runs } = outcome.estimate(metric, i);
      return { scenario, mean, low, high, runs };
    });
    const { best, difference, runs, sentence } = judge(
      scenarios,
      scenarios.map((_, i) => outcome.values(metric, i)),
      { metric, unit: outcome.unit(metric), confidence },
    );
    this.best = best;
    this.difference = difference;
    this.runs = runs;
    this.verdict = sentence;
  }

  get id(): string {
    return this.#outcome.run;
  }

  get seed(): number {
    return this.#outcome.request.options.seed;
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

  /** One row for each scenario and replication, as an Arrow table. */
  get summary(): Table {
    return this.#outcome.summary();
  }

  [Symbol.iterator](): Iterator<ScenarioRow> {
    return this.rows[Symbol.iterator]();
  }

  /** The scenarios as a table of text, and the verdict. */
  toString(): string {
    const unit = formatUnit(this.difference.unit);
    const rows = this.rows.map(({ scenario, mean, low, high }) => [
      scenario,
      formatNumber(mean),
      unit,
      intervalText(low, high),
    ]);
    return [
      textTable(["scenario", this.metric, "", interval(this.confidence)], rows, [0, 2]),
      ...notes(this.#outcome),
      this.verdict,
    ].join("\n");
  }

  toJSON(): unknown {
    const { id, seed, metric, confidence, best, difference, runs, verdict, rows, saturated, warnings } = this;
    return { id, seed, metric, confidence, best, difference, runs, verdict, rows, saturated, warnings };
  }
}
