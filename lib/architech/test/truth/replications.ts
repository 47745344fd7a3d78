import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import type { ModelDocument } from "#src/model/document.js";
import type { LineDocument } from "#src/model/line-document.js";
import { metricsOf } from "#src/model/metrics.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { TimeDocument } from "#src/model/time-document.js";
import type { TrafficDocument } from "#src/model/traffic-document.js";
import { validate } from "#src/model/validate.js";
import { simulate } from "#src/simulation/simulate.js";
import type { TaskResult } from "#src/simulation/task.js";

/** Quantile 0.995 of Student's t with 19 degrees of freedom: the 99 % interval of twenty replications. */
const t19 = 2.8609;
const replications = 20;

/** A number with its 99 % interval over twenty replications. */
export interface Interval {
  readonly mean: number;
  readonly halfWidth: number;
  /** What the first replication says. */
  readonly first: number;
}

export interface Length {
  readonly untilMs: number;
  readonly warmupMs: number;
  readonly seed: number;
}

/** Values of the metrics of one replication, by name. */
export type Values = (metric: string) => number;

/** Runs twenty replications and gives the interval of each quantity that `pick` makes of their metrics. */
export function intervals<Key extends string>(
  model: ModelDocument,
  length: Length,
  pick: (values: Values, result: TaskResult) => Record<Key, number>,
): Record<Key, Interval> {
  const checked = validate(model);
  const names = new Map(metricsOf(checked).map(({ name }, i) => [name, i]));
  const seen = new Map<string, number[]>();
  for (let replication = 0; replication < replications; replication++) {
    const result = run(checked, length, replication);
    const values = (metric: string): number => {
      const at = names.get(metric);
      assert.ok(at !== undefined, `no metric ${metric}`);
      return result.summary[at]!;
    };
    for (const [key, value] of Object.entries<number>(pick(values, result)))
      seen.set(key, [...(seen.get(key) ?? []), value]);
  }
  return Object.fromEntries([...seen].map(([key, values]) => [key, interval(values)])) as Record<Key, Interval>;
}

/** One replication from start to end. */
export function run(model: ModelDocument, length: Length, replication = 0): TaskResult {
  const bounds = { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 };
  const options = { untilMs: length.untilMs, warmupMs: length.warmupMs, everyMs: length.untilMs / 10, bounds };
  const simulation = simulate({ model, options, seed: length.seed, replication });
  simulation.advance(Number.POSITIVE_INFINITY);
  return simulation.result();
}

function interval(values: readonly number[]): Interval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, first: values[0]!, halfWidth: t19 * Math.sqrt(variance / values.length) };
}

/** Title of the test under way. */
let title = "";
beforeEach(function () {
  title = this.currentTest!.fullTitle();
});

/** Notes how far a value was from the one that is known, for scripts/truth.mjs. */
function note(found: number, known: number): void {
  const file = process.env["ARCHITECH_TRUTH"];
  if (file !== undefined)
    appendFileSync(file, `${JSON.stringify({ title, deviation: Math.abs(found / known - 1) })}\n`);
}

/** The known value lies in the interval, and the interval is narrower than 2 % of it. */
export function agrees(found: Interval, known: number, what: string): void {
  const { mean, halfWidth } = found;
  note(mean, known);
  const shown = `${what}: ${mean.toPrecision(6)} ± ${halfWidth.toPrecision(3)} (99 %), known ${known.toPrecision(6)}`;
  assert.ok(Math.abs(mean - known) <= halfWidth, shown);
  assert.ok(2 * halfWidth < 0.02 * known, `${shown}: wider than 2 %`);
}

/** What is known only in a limit, or of what was counted once: the number is off by no more than this share of it. */
export function near(found: number, known: number, share: number, what: string): void {
  note(found, known);
  assert.ok(Math.abs(found / known - 1) <= share, `${what}: ${found}, known ${known}`);
}

/** A model around one traffic. */
export function modelOf(nodes: Record<string, NodeDocument>, traffic: TrafficDocument): ModelDocument {
  return { architech: 1, nodes, traffic };
}

export const exponential = (mean: string): TimeDocument => ({ dist: "exponential", mean });
export const call = (to: string, op = "serve"): StepDocument => ({ do: "call", to, op });

/** One service "q" with one operation "serve" that uses a core for `time`. */
export function station(
  time: TimeDocument,
  rate: string,
  settings: {
    readonly threads?: number;
    readonly replicas?: number;
    readonly balance?: "random" | "round-robin" | "least-connections" | { choices: number };
    readonly queue?: LineDocument;
  } = {},
): ModelDocument {
  return modelOf(
    { q: { kind: "service", threads: 1, ...settings, ops: { serve: [{ do: "cpu", time }] } } },
    { to: "q", rate, mix: { serve: 1 } },
  );
}
