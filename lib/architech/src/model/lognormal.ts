/** Percentiles by which a lognormal can be described, and the standard normal's quantile at each. */
export const normalQuantiles: Readonly<Record<number, number>> = {
  50: 0,
  90: 1.2815515655446004,
  95: 1.6448536269514722,
  99: 2.3263478740408408,
  99.9: 3.090232306167813,
};

/**
 * Sigma (of the underlying normal) of the lognormal whose percentile is e^`log` times its mean, or undefined where there
 * is none. The logarithm is the caller's, who knows whether its last place matters.
 *
 * With z the normal's quantile, log = z σ − σ²/2, so a ratio is at most exp(z²/2). Of the two solutions the one
 * with the lighter tail is taken. A 90th percentile below the mean would need σ > 2z, a tail that nobody means: none either.
 */
export function lognormalSigma(percentile: number, log: number): number | undefined {
  const z = normalQuantiles[percentile];
  if (z === undefined || !Number.isFinite(log)) return undefined;
  if (z === 0) return log <= 0 ? Math.sqrt(-2 * log) : undefined;
  if (log < 0 || log > (z * z) / 2) return undefined;
  // z − √(z² − 2 log) without the cancellation.
  return (2 * log) / (z + Math.sqrt(z * z - 2 * log));
}

/** The largest and smallest value that the percentile of a lognormal of this mean can have (see `lognormalSigma`). */
export function lognormalRange(percentile: number, mean: number): readonly [low: number, high: number] {
  const z = normalQuantiles[percentile] ?? 0;
  return z === 0 ? [0, mean] : [mean, mean * Math.exp((z * z) / 2)];
}
