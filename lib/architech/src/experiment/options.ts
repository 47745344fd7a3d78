import type { RequestBounds, RequestParts, RequestPoint } from "@architech/protocol";
import type { ChangeDocument } from "../model/change-document.js";
import type { ModelDocument } from "../model/document.js";
import { currentDefaults } from "./defaults.js";
import type { Confidence } from "./interval.js";
import type { SimulationRequest } from "./stream-source.js";

/** Options of `run`, `sweep` and `compare`, with text for everything that has a unit. */
export interface ExperimentOptions {
  /** Simulated time. */
  readonly until: string;
  /** Left out of the summary at the start. Default "auto". */
  readonly warmup?: string;
  /** Replications of each point; with `halfWidth`, at most so many. Default 5, in a comparison 10, with `halfWidth` 200. */
  readonly runs?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Interval of the series. Default: a round one that makes 100 to 250 of them. */
  readonly every?: string;
  /** Default 0.95. */
  readonly confidence?: Confidence;
  /** Replicate until the interval of `metric` is this narrow at every point: "2%" is ± 2 % of the mean. */
  readonly halfWidth?: string;
  readonly metric?: string;
  /** Series of every replication (true) or of none (false). Default: of the first replication of each point. */
  readonly series?: boolean;
  /** Whether rows that are known already will do. Default true. */
  readonly cache?: boolean;
  readonly bounds?: RequestBounds;
  /** Worker threads, where the run is in this process. Default: one for each processor. 0 works in this thread. */
  readonly workers?: number;
  /** Parts of the model that are simulated beside each other. Default "auto". */
  readonly parts?: RequestParts;
  /** Default "events". */
  readonly method?: "events" | "recursion";
  /** Default "cpu". */
  readonly device?: "cpu" | "gpu";
}

/** The request that says all of it. */
export function requestOf(
  kind: SimulationRequest["kind"],
  model: ModelDocument,
  points: readonly RequestPoint<ChangeDocument>[],
  options: ExperimentOptions,
): SimulationRequest {
  const {
    until,
    warmup = "auto",
    seed = currentDefaults().seed ?? 1,
    confidence = 0.95,
    every,
    halfWidth,
    metric,
    series,
    cache,
    bounds,
    parts,
    method,
    device,
  } = options;
  const runs = options.runs ?? (halfWidth !== undefined ? 200 : kind === "compare" ? 10 : 5);
  return {
    version: 1,
    kind,
    model,
    points,
    options: {
      until,
      warmup,
      runs,
      seed,
      confidence,
      ...(every === undefined ? {} : { every }),
      ...(halfWidth === undefined ? {} : { halfWidth }),
      ...(metric === undefined ? {} : { metric }),
      ...(series === undefined ? {} : { series }),
      ...(cache === undefined ? {} : { cache }),
      ...(bounds === undefined ? {} : { bounds }),
      ...(parts === undefined ? {} : { parts }),
      ...(method === undefined ? {} : { method }),
      ...(device === undefined ? {} : { device }),
    },
  };
}
