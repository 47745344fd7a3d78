import { parseDuration } from "../units/duration.js";
import { lognormalRange, lognormalSigma, normalQuantiles } from "./lognormal.js";
import type { Fail, Shape } from "./shape.js";
import { duration, list, object, only, positiveDuration, required, weight } from "./shape-parts.js";

/** Refuses weights that are all 0. */
export const weighed =
  (field: string) =>
  (value: Readonly<Record<string, readonly { readonly weight: number }[]>>, fail: Fail): void => {
    if (!value[field]!.some((item) => item.weight > 0)) fail(field, "has only weights of 0: at least one must be more");
  };

export const distribution: Shape = {
  shape: "tagged",
  tag: "dist",
  what: "a distribution",
  cases: {
    constant: object("a constant", { dist: required(only("constant")), value: required(duration) }),
    uniform: object(
      "a uniform distribution",
      { dist: required(only("uniform")), min: required(duration), max: required(duration) },
      (value: { min: string; max: string }, fail) => {
        if (parseDuration(value.min) > parseDuration(value.max))
          fail("max", `is "${value.max}", less than min "${value.min}"`);
      },
    ),
    exponential: object("an exponential distribution", {
      dist: required(only("exponential")),
      mean: required(positiveDuration),
    }),
    erlang: object("an Erlang distribution", {
      dist: required(only("erlang")),
      shape: required({ shape: "number", min: 1, max: 1000, whole: true }, "Exponential phases in a row."),
      mean: required(positiveDuration),
    }),
    gamma: object("a gamma distribution", {
      dist: required(only("gamma")),
      shape: required({ shape: "number", min: 0.01, max: 1000 }, "The variance is mean² / shape."),
      mean: required(positiveDuration),
    }),
    weibull: object("a Weibull distribution", {
      dist: required(only("weibull")),
      shape: required({ shape: "number", min: 0.1, max: 100 }, "Below 1 the tail is heavier than an exponential's."),
      mean: required(positiveDuration),
    }),
    lognormal: {
      shape: "by field",
      what: "a lognormal distribution",
      cases: {
        sigma: object("a lognormal distribution", {
          dist: required(only("lognormal")),
          mean: required(positiveDuration),
          sigma: required({ shape: "number", min: 0, max: 10 }, "Standard deviation of the underlying normal."),
        }),
        percentile: object(
          "a lognormal distribution",
          {
            dist: required(only("lognormal")),
            mean: required(positiveDuration),
            percentile: required(only(...Object.keys(normalQuantiles).map(Number)), "Which percentile `value` is."),
            value: required(positiveDuration),
          },
          possiblePercentile,
        ),
      },
    },
    pareto: object("a Pareto distribution", {
      dist: required(only("pareto")),
      min: required(positiveDuration),
      alpha: required({ shape: "number", above: 0, max: 1000 }, "The mean is finite above 1, the variance above 2."),
    }),
    mixture: object(
      "a mixture",
      { dist: required(only("mixture")), of: required(list("parts", () => part)) },
      weighed("of"),
    ),
    empirical: object("an empirical distribution", {
      dist: required(only("empirical")),
      values: required(
        list("values", () => duration),
        "Each is equally likely.",
      ),
    }),
  },
};

function possiblePercentile(value: { mean: string; percentile: number; value: string }, fail: Fail): void {
  const mean = parseDuration(value.mean);
  if (lognormalSigma(value.percentile, Math.log(parseDuration(value.value) / mean)) !== undefined) return;
  const [low, high] = lognormalRange(value.percentile, mean);
  const p = `p${String(value.percentile).replace(".", "")}`;
  fail(
    "value",
    `(${p}) is "${value.value}": no lognormal of mean "${value.mean}" has that; its ${p} is from ${low === 0 ? "0" : Number(low.toPrecision(3))} to ${Number(high.toPrecision(3))} ms`,
  );
}

/** A duration, or a distribution of them. */
export const time: Shape = { shape: "either", what: "a time", text: duration, object: distribution };
const part = object("a part of a mixture", { weight: required(weight), time: required(time) });
