/** The busy share of what was there over some time; NaN when nothing was, but for what sums of times leave in their last places. */
export function busyShare(busyMs: number, thereMs: number): number {
  return thereMs > 1e-9 ? busyMs / thereMs : Number.NaN;
}

/** Cumulative shares of weights; the last is exactly 1. */
export function cumulative(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const shares: number[] = [];
  for (const weight of weights) {
    below += weight;
    shares.push(below / total);
  }
  shares[shares.length - 1] = 1;
  return shares;
}
