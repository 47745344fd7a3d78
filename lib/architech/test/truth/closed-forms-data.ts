/** Shares of keys under Zipf. */
export function zipfShares(count: number, skew: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -skew);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Hit ratio of LRU: the sum over all orders of what is in it (King, "Analysis of demand paging algorithms", 1971). */
export function lruHitRatio(shares: readonly number[], entries: number): number {
  const orders = (left: number, inside: readonly number[], held: number, chance: number): number => {
    if (left === 0) return chance * held;
    return shares.reduce(
      (sum, share, key) =>
        inside.includes(key)
          ? sum
          : sum + orders(left - 1, [...inside, key], held + share, (chance * share) / (1 - held)),
      0,
    );
  };
  return orders(entries, [], 0, 1);
}

/** Hit ratio of FIFO and of random eviction: sets weigh as the product of their shares (Gelenbe, "A unified approach to the evaluation of a class of replacement algorithms", 1973). */
export function fifoHitRatio(shares: readonly number[], entries: number): number {
  let [weights, hits] = [0, 0];
  const sets = (from: number, left: number, held: number, product: number): void => {
    if (left === 0) {
      weights += product;
      hits += product * held;
      return;
    }
    for (let key = from; key < shares.length; key++)
      sets(key + 1, left - 1, held + shares[key]!, product * shares[key]!);
  };
  sets(0, entries, 0, 1);
  return hits / weights;
}

/** Che's approximation of LRU: an entry stays for a time that is the same for all. */
export const cheHitRatio = (shares: readonly number[], entries: number): number =>
  hitRatioBy(shares, entries, (x) => 1 - Math.exp(-x));

/** The same of FIFO and of random eviction, whose entries are not renewed. */
export const oldestOutHitRatio = (shares: readonly number[], entries: number): number =>
  hitRatioBy(shares, entries, (x) => x / (1 + x));

function hitRatioBy(shares: readonly number[], entries: number, inside: (x: number) => number): number {
  const held = (time: number): number => shares.reduce((sum, share) => sum + inside(share * time), 0);
  let [low, high] = [0, 1];
  while (held(high) < entries) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (held(middle) < entries) low = middle;
    else high = middle;
  }
  return shares.reduce((sum, share) => sum + share * inside(share * low), 0);
}
