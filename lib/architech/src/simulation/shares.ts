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
