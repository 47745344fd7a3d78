import { ArchitechError } from "@architech/protocol";
import type { ChangeDocument } from "../model/change-document.js";
import type { ModelDocument } from "../model/document.js";
import { CompareResult, type ScenarioRow } from "./compare-result.js";
import { currentDefaults } from "./defaults.js";
import { pointsOf } from "./grid.js";
import type { LiveRows } from "./live-rows.js";
import { type ExperimentOptions, requestOf } from "./options.js";
import type { Outcome } from "./outcome.js";
import { RunResult } from "./run-result.js";
import { watched } from "./series-view.js";
import { StartedExperiment } from "./started-experiment.js";
import { currentRuns, type SimulationRequest } from "./stream-source.js";
import type { PointKey } from "./stream-tables.js";
import { SweepResult } from "./sweep-result.js";
import type { Row, ViewSpec } from "./view.js";

/** A run that was started. */
export class StartedRunOf extends StartedExperiment<RunResult> {
  /** Rows over time of the first replication: `t` in seconds and the metrics named, interval by interval. Throws `unknown-metric`. */
  watch(...metrics: readonly string[]): LiveRows {
    for (const metric of metrics) watched(metric);
    return this.live({ of: "series", columns: metrics });
  }
}

/** A sweep that was started. Its own rows have every metric; `watch` picks some. */
export class StartedSweep extends StartedExperiment<SweepResult> implements LiveRows {
  readonly #metrics: readonly string[];

  constructor(metrics: readonly string[], ...rest: ConstructorParameters<typeof StartedExperiment<SweepResult>>) {
    super(...rest);
    this.#metrics = metrics;
  }

  get view(): ViewSpec {
    return this.#view(this.#metrics);
  }

  /** One row for each point, sharpening with every replication: its keys, and of each metric the mean, `.low` and `.high`. */
  watch(...metrics: readonly string[]): LiveRows {
    return this.live(this.#view(metrics));
  }

  rows(): Promise<readonly Row[]> {
    return this.watch(...this.#metrics).rows();
  }

  [Symbol.asyncIterator](): AsyncIterator<Row> {
    return this.watch(...this.#metrics)[Symbol.asyncIterator]();
  }

  #view(metrics: readonly string[]): ViewSpec {
    const { points, options } = this.request;
    return { of: "summary", keys: Object.keys(points[0]?.key ?? {}), metrics, confidence: options.confidence };
  }
}

/** A comparison that was started. Its rows are the scenarios. */
export class StartedComparison extends StartedExperiment<CompareResult> implements LiveRows<ScenarioRow> {
  get view(): ViewSpec {
    const { metric = "", confidence } = this.request.options;
    return { of: "comparison", metric, confidence };
  }

  rows(): Promise<readonly ScenarioRow[]> {
    return this.live<ScenarioRow>(this.view).rows();
  }

  [Symbol.asyncIterator](): AsyncIterator<ScenarioRow> {
    return this.live<ScenarioRow>(this.view)[Symbol.asyncIterator]();
  }
}

/** Starts a run of a model as it is. */
export function startRun(model: ModelDocument, options: ExperimentOptions): StartedRunOf {
  const request = requestOf("run", model, [{ key: {}, change: {} }], options);
  return new StartedRunOf(begin(request, options), request, (outcome: Outcome) => new RunResult(outcome));
}

/** Starts a sweep over a grid. `metrics`: the model's, in order. */
export function startSweep<X extends Readonly<Record<string, readonly (number | string)[]>>>(
  model: ModelDocument,
  over: X,
  at: (x: { readonly [K in keyof X]: X[K][number] }) => ChangeDocument,
  options: ExperimentOptions,
  metrics: readonly string[],
): StartedSweep {
  const points = pointsOf(over).map((key: PointKey) => ({
    key,
    change: at(key as { readonly [K in keyof X]: X[K][number] }),
  }));
  const request = requestOf("sweep", model, points, options);
  return new StartedSweep(metrics, begin(request, options), request, (outcome: Outcome) => new SweepResult(outcome));
}

/** Starts a comparison of scenarios on common random numbers. */
export function startComparison(
  model: ModelDocument,
  scenarios: Readonly<Record<string, ChangeDocument>>,
  options: ExperimentOptions & { readonly metric: string },
): StartedComparison {
  const points = Object.entries(scenarios).map(([scenario, change]) => ({ key: { scenario }, change }));
  if (points.length < 2)
    throw new ArchitechError("invalid-argument", `a comparison has two scenarios at least, not ${points.length}`);
  const request = requestOf("compare", model, points, options);
  return new StartedComparison(begin(request, options), request, (outcome: Outcome) => new CompareResult(outcome));
}

function begin(
  request: SimulationRequest,
  { workers = currentDefaults().workers }: ExperimentOptions,
): ReturnType<ReturnType<typeof currentRuns>["start"]> {
  return currentRuns().start(request, workers === undefined ? {} : { workers });
}
