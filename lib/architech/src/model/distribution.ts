import type { CheckedDuration, Distribution, Time, TimeLike } from "./time.js";

/** Percentiles by which a lognormal can be described. */
const percentiles = { p50: 50, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const;

/** A lognormal by its mean and either sigma, the standard deviation of the underlying normal, or one percentile. */
export type LognormalSettings<M, P> = { readonly mean: CheckedDuration<M> } & (
  | { readonly sigma: number }
  | { readonly p50: CheckedDuration<P> }
  | { readonly p90: CheckedDuration<P> }
  | { readonly p95: CheckedDuration<P> }
  | { readonly p99: CheckedDuration<P> }
  | { readonly p999: CheckedDuration<P> }
);

function frozen(fields: object): Distribution {
  return Object.freeze(fields as Distribution);
}

/** Always the same time. */
export function constant<T extends TimeLike>(value: CheckedDuration<T>): Distribution {
  return frozen({ dist: "constant", value });
}

/** Any time between two, each equally likely. Mean (min + max) / 2. */
export function uniform<A extends TimeLike, B extends TimeLike>(
  min: CheckedDuration<A>,
  max: CheckedDuration<B>,
): Distribution {
  return frozen({ dist: "uniform", min, max });
}

/** Exponential: the time to the next of events that come independently. Its standard deviation is its mean. */
export function exponential<T extends TimeLike>(mean: CheckedDuration<T>): Distribution {
  return frozen({ dist: "exponential", mean });
}

/** Erlang: `shape` equal exponential phases in a row, `mean` in all. Standard deviation mean / √shape. */
export function erlang<T extends TimeLike>(settings: {
  readonly shape: number;
  readonly mean: CheckedDuration<T>;
}): Distribution {
  return frozen({ ...settings, dist: "erlang" });
}

/** Gamma: an Erlang whose shape need not be whole. Standard deviation mean / √shape. */
export function gamma<T extends TimeLike>(settings: {
  readonly shape: number;
  readonly mean: CheckedDuration<T>;
}): Distribution {
  return frozen({ ...settings, dist: "gamma" });
}

/** Weibull: P(X > x) = exp(−(x / scale)^shape), with the scale that gives the mean. Below shape 1 the tail is heavier than an exponential's. */
export function weibull<T extends TimeLike>(settings: {
  readonly shape: number;
  readonly mean: CheckedDuration<T>;
}): Distribution {
  return frozen({ ...settings, dist: "weibull" });
}

/**
 * Lognormal: what response times mostly look like. `lognormal({ mean: "9ms", p99: "40ms" })`.
 * With z the standard normal's quantile, ln(percentile / mean) = z σ − σ²/2; of its two solutions the smaller σ is meant.
 */
export function lognormal<M extends TimeLike, P extends TimeLike = never>(
  settings: LognormalSettings<M, P>,
): Distribution {
  const { mean, ...shape } = settings as Readonly<Record<string, unknown>>;
  const given = Object.keys(percentiles).find((name) => shape[name] !== undefined) as
    | keyof typeof percentiles
    | undefined;
  if (given === undefined) return frozen({ dist: "lognormal", mean, ...shape });
  // Whatever else was given stays, to be refused as something that no lognormal has.
  const { [given]: value, ...others } = shape;
  return frozen({ dist: "lognormal", mean, percentile: percentiles[given], value, ...others });
}

/** Pareto (type I): P(X > x) = (min / x)^alpha, a tail so heavy that the mean is infinite up to alpha 1, the variance up to 2. */
export function pareto<T extends TimeLike>(settings: {
  readonly min: CheckedDuration<T>;
  readonly alpha: number;
}): Distribution {
  return frozen({ ...settings, dist: "pareto" });
}

/** One of several times, drawn by weight: `mixture([[9, "4ms"], [1, exponential("80ms")]])`. */
export function mixture(parts: readonly (readonly [weight: number, time: Time])[]): Distribution {
  return frozen({ dist: "mixture", of: Object.freeze(parts.map(([weight, time]) => Object.freeze({ weight, time }))) });
}

/** One of these times, each equally likely: measurements as they are. */
export function empirical<T extends TimeLike>(values: readonly CheckedDuration<T>[]): Distribution {
  return frozen({ dist: "empirical", values: Object.freeze([...values]) });
}
