import type { CostDocument } from "../model/cost-document.js";
import { parseSize } from "../units/size.js";

const hourMs = 3_600_000;
const gigabyte = 1e9;

/** Prices of a node, each of what is counted of it. */
export interface Prices {
  /** Of a replica, of a core, and of what is stored, for an hour. */
  readonly replica: number;
  readonly core: number;
  readonly stored: number;
  /** Of a request with what it moves. */
  readonly request: number;
}

/** The prices of a node; undefined where nobody says. */
export function pricesOf(cost: CostDocument | undefined): Prices | undefined {
  if (cost === undefined) return undefined;
  const { replicaHour = 0, coreHour = 0, request = 0, gbMoved = 0, moved, gbHour = 0, stored } = cost;
  return {
    replica: replicaHour,
    core: coreHour,
    stored: stored === undefined ? 0 : gbHour * (parseSize(stored) / gigabyte),
    request: request + (moved === undefined ? 0 : gbMoved * (parseSize(moved) / gigabyte)),
  };
}

/** What there was over a stretch of time: replicas and cores on average, and how many requests came. */
export interface Usage {
  readonly replicas: number;
  readonly cores: number;
  readonly requests: number;
}

/** What a stretch of time cost, as a price per hour; NaN without prices. */
export function hourlyCost(prices: Prices | undefined, durationMs: number, usage: Usage): number {
  if (prices === undefined) return Number.NaN;
  const { replica, core, stored, request } = prices;
  const requestsPerHour = usage.requests * (hourMs / durationMs);
  // Without a price of cores there need be no number of them.
  return replica * usage.replicas + (core === 0 ? 0 : core * usage.cores) + stored + request * requestsPerHour;
}

/** The sum of those that have a price; NaN where none has. */
export function totalCost(costs: readonly number[]): number {
  const priced = costs.filter((cost) => !Number.isNaN(cost));
  return priced.length === 0 ? Number.NaN : priced.reduce((sum, cost) => sum + cost, 0);
}
