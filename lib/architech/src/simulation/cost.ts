import type { CostDocument } from "../model/document.js";
import { parseSize } from "../units/size.js";

const hourMs = 3_600_000;
const gigabyte = 1e9;

/** Prices of a node, each of what is counted of it. */
export interface Prices {
  /** Of a replica for a millisecond. */
  readonly replicaMs: number;
  /** Of a request with what it moves. */
  readonly request: number;
  /** Of a millisecond, whatever happens. */
  readonly ms: number;
}

export function pricesOf(cost: CostDocument | undefined): Prices | undefined {
  if (cost === undefined) return undefined;
  const { replicaHour = 0, request = 0, gbMoved = 0, moved, gbHour = 0, stored } = cost;
  return {
    replicaMs: replicaHour / hourMs,
    request: request + (moved === undefined ? 0 : (gbMoved * parseSize(moved)) / gigabyte),
    ms: stored === undefined ? 0 : (gbHour * parseSize(stored)) / gigabyte / hourMs,
  };
}

/** What a stretch of time cost, as a price per hour; NaN without prices. */
export function hourlyCost(
  prices: Prices | undefined,
  durationMs: number,
  replicaMs: number,
  requests: number,
): number {
  if (prices === undefined) return Number.NaN;
  const spent = prices.replicaMs * replicaMs + prices.request * requests + prices.ms * durationMs;
  return (spent * hourMs) / durationMs;
}

/** The sum of those that have a price; NaN where none has. */
export function totalCost(costs: readonly number[]): number {
  const priced = costs.filter((cost) => !Number.isNaN(cost));
  return priced.length === 0 ? Number.NaN : priced.reduce((sum, cost) => sum + cost, 0);
}
