/**
 * A distribution as numbers only, times in any one unit.
 * Lognormal: `mu` and `sigma` of the underlying normal. Pareto: P(X > x) = (min / x)^alpha.
 */
export type Distribution =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | { readonly kind: "exponential"; readonly mean: number }
  | { readonly kind: "erlang"; readonly shape: number; readonly mean: number }
  | { readonly kind: "gamma"; readonly shape: number; readonly mean: number }
  | { readonly kind: "weibull"; readonly shape: number; readonly scale: number }
  | { readonly kind: "lognormal"; readonly mu: number; readonly sigma: number }
  | { readonly kind: "pareto"; readonly min: number; readonly alpha: number }
  | { readonly kind: "mixture"; readonly of: readonly { readonly weight: number; readonly part: Distribution }[] }
  | { readonly kind: "empirical"; readonly values: readonly number[] }
  /** 1 to `count`, k with a probability proportional to k^−skew. */
  | { readonly kind: "zipf"; readonly count: number; readonly skew: number }
  /** 1, 2, …: P(X > n) = (1 − 1/mean)^n. */
  | { readonly kind: "geometric"; readonly mean: number };
