import { studentT } from "./student-t.js";

/** How sure an interval is to cover the true mean. */
export type Confidence = 0.9 | 0.95 | 0.99;

/** A mean and the interval around it. */
export interface Interval {
  readonly mean: number;
  /** NaN with fewer than two values: one replication says nothing of how far replications differ. */
  readonly low: number;
  readonly high: number;
  /** Values behind it; those that are NaN (nothing was observed) are left out. */
  readonly runs: number;
}

/** Student's t interval for the mean of independent values: mean ± t(n − 1) s/√n. */
export function meanInterval(values: Iterable<number>, confidence: number): Interval {
  let runs = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    runs++;
    const off = value - mean;
    mean += off / runs;
    squares += off * (value - mean);
  }
  if (runs === 0) return { mean: NaN, low: NaN, high: NaN, runs };
  if (runs === 1) return { mean, low: NaN, high: NaN, runs };
  const half = tQuantile(confidence, runs - 1) * Math.sqrt(squares / (runs - 1) / runs);
  return { mean, low: mean - half, high: mean + half, runs };
}

/** Half the width of an interval; infinite where there is none. */
export function halfWidth(interval: Interval): number {
  const half = (interval.high - interval.low) / 2;
  return Number.isNaN(half) ? Infinity : half;
}

const quantiles = new Map<string, number>();

/** The two-sided quantile, kept: live views ask for the same few again and again. */
function tQuantile(confidence: number, df: number): number {
  const key = `${confidence}/${df}`;
  let quantile = quantiles.get(key);
  if (quantile === undefined) quantiles.set(key, (quantile = studentT(1 - (1 - confidence) / 2, df)));
  return quantile;
}
