import { log } from "../engine/core/log-exp.js";
import type { Distribution } from "../engine/distribution.js";
import type { TimeDocument } from "../model/document.js";
import { lognormalSigma } from "../model/lognormal.js";
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
