/** A constant with its unit ("4ms"), or a distribution. */
export type TimeDocument = string | DistributionDocument;

export type DistributionDocument =
  | { readonly dist: "constant"; readonly value: string }
  | { readonly dist: "uniform"; readonly min: string; readonly max: string }
  | { readonly dist: "exponential"; readonly mean: string }
  | { readonly dist: "erlang"; readonly shape: number; readonly mean: string }
  | { readonly dist: "gamma"; readonly shape: number; readonly mean: string }
  /** P(X > x) = exp(−(x / scale)^shape), with the scale that gives the mean. */
  | { readonly dist: "weibull"; readonly shape: number; readonly mean: string }
  /** Either `sigma` (of the underlying normal) or one percentile (50, 90, 95, 99 or 99.9) beside the mean. */
  | { readonly dist: "lognormal"; readonly mean: string; readonly sigma: number }
  | { readonly dist: "lognormal"; readonly mean: string; readonly percentile: number; readonly value: string }
  /** Pareto type I: P(X > x) = (min / x)^alpha. */
  | { readonly dist: "pareto"; readonly min: string; readonly alpha: number }
  | { readonly dist: "mixture"; readonly of: readonly { readonly weight: number; readonly time: TimeDocument }[] }
  /** Draws one of the values, each equally likely. */
  | { readonly dist: "empirical"; readonly values: readonly string[] };
