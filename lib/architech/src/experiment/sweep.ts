import type { ChangeDocument } from "../model/change-document.js";
import type { Model } from "../model/model.js";
import type { AnyChange, Judged, Nodes } from "../model/scenario.js";
import type { Load } from "../model/traffic.js";
import { startSweep } from "./start.js";
import type { Grid, Point, RunOptions, Sweep } from "./types.js";

/**
 * Simulates a model at every point of a grid: `at` says what changes there. Await it for its rows, or chart it at once:
 * `sweep(shop, { rps: [100, 200] }, ({ rps }) => ({ traffic: { rate: `${rps}rps` } }), { until: "10min" })`.
 */
export function sweep<N extends Nodes, L extends Load, X extends Point, const C extends AnyChange<N, L>>(
  model: Model<N, L>,
  over: Grid<X>,
  at: (point: X) => C & Judged<N, L, C>,
  options: RunOptions<N, L>,
): Sweep<N, L, X> {
  return startSweep(
    model.toJSON(),
    over,
    at as unknown as (point: Point) => ChangeDocument,
    options,
    model.metrics,
  ) as unknown as Sweep<N, L, X>;
}
