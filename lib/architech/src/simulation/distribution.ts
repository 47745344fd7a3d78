import type { Distribution } from "../engine/distribution.js";
import { log } from "../engine/log-exp.js";
import { normalQuantile } from "../engine/normal-quantile.js";
import type { TimeDocument } from "../model/document.js";
import { parseDuration } from "../units/duration.js";

/** The distribution that a time of a model stands for, in ms. */
export function distributionOf(time: TimeDocument): Distribution {
  if (typeof time === "string") return { kind: "constant", value: parseDuration(time) };
  switch (time.dist) {
    case "constant":
      return { kind: "constant", value: parseDuration(time.value) };
    case "uniform":
      return { kind: "uniform", min: parseDuration(time.min), max: parseDuration(time.max) };
    case "exponential":
      return { kind: "exponential", mean: parseDuration(time.mean) };
    case "erlang":
      return { kind: "erlang", shape: time.shape, mean: parseDuration(time.mean) };
    case "lognormal": {
      const mean = parseDuration(time.mean);
      const sigma = "sigma" in time ? time.sigma : sigmaOf(mean, time.percentile, parseDuration(time.value));
      return { kind: "lognormal", mu: log(mean) - (sigma * sigma) / 2, sigma };
    }
    case "pareto":
      return { kind: "pareto", min: parseDuration(time.min), alpha: time.alpha };
    case "mixture":
      return { kind: "mixture", of: time.of.map(({ weight, time }) => ({ weight, part: distributionOf(time) })) };
    case "empirical":
      return { kind: "empirical", values: time.values.map(parseDuration) };
  }
}

/**
 * The sigma of the lognormal whose mean is `mean` and whose `percentile` (0 to 100) is `value`:
 * log(value / mean) = z sigma - sigma² / 2. Of the two roots the one with the lighter tail.
 */
function sigmaOf(mean: number, percentile: number, value: number): number {
  const z = normalQuantile(percentile / 100);
  const ratio = log(value / mean);
  const root = Math.sqrt(Math.max(0, z * z - 2 * ratio));
  return ratio < 0 ? z + root : (2 * ratio) / (z + root);
}
