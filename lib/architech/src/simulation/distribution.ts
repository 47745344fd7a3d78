import { exp, log } from "../engine/core/log-exp.js";
import type { Distribution } from "../engine/distribution.js";
import { lognormalSigma } from "../model/lognormal.js";
import type { TimeDocument } from "../model/time-document.js";
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
    case "gamma":
      return { kind: "gamma", shape: time.shape, mean: parseDuration(time.mean) };
    case "weibull":
      return {
        kind: "weibull",
        shape: time.shape,
        scale: parseDuration(time.mean) / exp(logGamma(1 + 1 / time.shape)),
      };
    case "lognormal": {
      const mean = parseDuration(time.mean);
      const sigma =
        "sigma" in time ? time.sigma : lognormalSigma(time.percentile, log(parseDuration(time.value) / mean))!;
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

/** log Γ(x) for x ≥ 1: Stirling's series at x + 12, where five terms reach the last place, and the recurrence back. */
export function logGamma(x: number): number {
  let product = 1;
  let y = x;
  for (; y < x + 12; y++) product *= y;
  const z = 1 / (y * y);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / y;
  return (y - 0.5) * log(y) - y + 0.918_938_533_204_672_7 + series - log(product);
}
