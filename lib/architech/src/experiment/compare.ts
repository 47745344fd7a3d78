import type { ChangeDocument } from "../model/change-document.js";
import type { AnyMetric, JudgedMetric } from "../model/metric-name.js";
import type { Model } from "../model/model.js";
import type { AnyChange, Judged, Nodes } from "../model/scenario.js";
import type { Load } from "../model/traffic.js";
import { startComparison } from "./start.js";
import type { Comparison, RunOptions } from "./types.js";

/** How a comparison is made: by which metric, and how sure. */
export interface CompareOptions<N extends Nodes, L extends Load, M> extends Omit<RunOptions<N, L>, "metric"> {
  readonly metric: M & JudgedMetric<N, L, M>;
}

/**
 * Which of some scenarios of a model is better, on common random numbers: each sees the same arrivals and the same
 * draws, so that only what differs between them shows.
 */
export function compare<
  N extends Nodes,
  L extends Load,
  const S extends Readonly<Record<string, AnyChange<N, L>>>,
  const M extends string = AnyMetric,
>(
  model: Model<N, L>,
  scenarios: S & { readonly [K in keyof S]: Judged<N, L, S[K]> },
  options: CompareOptions<N, L, M>,
): Comparison<keyof S & string> {
  return startComparison(
    model.toJSON(),
    scenarios as unknown as Record<string, ChangeDocument>,
    options as never,
  ) as unknown as Comparison<keyof S & string>;
}
