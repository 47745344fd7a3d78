/** Median of some numbers; NaN of none. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that a share `q` of some numbers do not exceed. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard error of the mean of independent values; a single one is taken as exact. */
export function standardError(values) {
  if (values.length === 1) return 0;
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}

// Student's t, 99.9 % two-sided, by degrees of freedom: a comparison of equal models fails once in a thousand.
const t999 = [Infinity, 636.6, 31.6, 12.92, 8.61, 6.87, 5.96, 5.41, 5.04, 4.78, 4.59];

/** Whether the means of two series of measurements differ by no more than their noise. */
export function agree(a, b) {
  const difference = Math.abs(mean(a) - mean(b));
  const freedom = Math.min(a.length + b.length - 2, t999.length - 1);
  return difference <= t999[freedom] * Math.hypot(standardError(a), standardError(b));
}
