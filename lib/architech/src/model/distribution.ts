import type { Duration } from "../units/duration.js";
import type { Distribution, Time } from "./time.js";

/** Percentiles by which a lognormal can be described. */
const percentiles = { p50: 50, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const;

/** A lognormal by its mean and either sigma, the standard deviation of the underlying normal, or one percentile. */
export type LognormalSettings =
  | { readonly mean: Duration; readonly sigma: number }
  | { readonly mean: Duration; readonly p50: Duration }
  | { readonly mean: Duration; readonly p90: Duration }
  | { readonly mean: Duration; readonly p95: Duration }
  | { readonly mean: Duration; readonly p99: Duration }
  | { readonly mean: Duration; readonly p999: Duration };

/** Always the same time. */
export function constant(value: Duration): Distribution {
  return Object.freeze({ dist: "constant", value });
}

/** Any time between two, each equally likely. Mean (min + max) / 2. */
export function uniform(min: Duration, max: Duration): Distribution {
  return Object.freeze({ dist: "uniform", min, max });
}

/** Exponential: the time to the next of events that come independently. Its standard deviation is its mean. */
export function exponential(mean: Duration): Distribution {
  return Object.freeze({ dist: "exponential", mean });
}

/** Erlang: `shape` equal exponential phases in a row, `mean` in all. Standard deviation mean / √shape. */
export function erlang(settings: { readonly shape: number; readonly mean: Duration }): Distribution {
  return Object.freeze({ dist: "erlang", shape: settings.shape, mean: settings.mean });
}

/**
 * Lognormal: what response times mostly look like. `lognormal({ mean: "9ms", p99: "40ms" })`.
 * With z the standard normal's quantile, ln(percentile / mean) = z σ − σ²/2; of its two solutions the smaller σ is meant.
 */
export function lognormal(settings: LognormalSettings): Distribution {
  const { mean } = settings;
  if ("sigma" in settings) return Object.freeze({ dist: "lognormal", mean, sigma: settings.sigma });
  const given = Object.entries(percentiles).filter(([name]) => Object.hasOwn(settings, name));
  const [name, percentile] = given[0] ?? ["p50", 50];
  // More than one percentile is one too many: the second is handed on, and refused as a field that no lognormal has.
  const extra = Object.fromEntries(given.slice(1).map(([other]) => [other, (settings as Record<string, unknown>)[other]]));
  return Object.freeze({ dist: "lognormal", mean, percentile, value: (settings as Record<string, unknown>)[name] as string, ...extra });
}

/** Pareto (type I): P(X > x) = (min / x)^alpha, a tail so heavy that the mean is infinite up to alpha 1, the variance up to 2. */
export function pareto(settings: { readonly min: Duration; readonly alpha: number }): Distribution {
  return Object.freeze({ dist: "pareto", min: settings.min, alpha: settings.alpha });
}

/** One of several times, drawn by weight: `mixture([[9, "4ms"], [1, exponential("80ms")]])`. */
export function mixture(parts: readonly (readonly [weight: number, time: Time])[]): Distribution {
  return Object.freeze({ dist: "mixture", of: Object.freeze(parts.map(([weight, time]) => Object.freeze({ weight, time }))) });
}

/** One of these times, each equally likely: measurements as they are. */
export function empirical(values: readonly Duration[]): Distribution {
  return Object.freeze({ dist: "empirical", values: Object.freeze([...values]) });
}
