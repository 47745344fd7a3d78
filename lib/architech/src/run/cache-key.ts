import { createHash } from "node:crypto";
import { engineVersion } from "../engine/version.js";
import type { Plan } from "./plan.js";

/** Format of the stream: raised when the same results are written as other bytes. */
const streamVersion = 8;

/** What computes results: equal for two processes that give the same bytes for the same task. */
export const resultVersion: string = `${engineVersion}.${streamVersion}`;

/**
 * Hash of everything that a run's stream depends on. The layout, the groups and the name of a model are not among it;
 * the order of its nodes is, because it is the order of the metrics.
 */
export function cacheKey({ request, options, runs, seed, precision, shape }: Plan): string {
  const { layout: _, groups: __, name: ___, $schema: ____, ...model } = request.model;
  const all = {
    resultVersion,
    kind: request.kind,
    model,
    points: request.points,
    options,
    runs,
    seed,
    precision,
    everySeconds: shape.everySeconds,
    series: request.options.series,
  };
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}
