/** A cache that knows its keys: see `core/keyed-cache.ts`. */
export interface KeyedCachePlan {
  /** `evicts`. */
  readonly evicts: number;
  readonly entries: number;
  /** Counter of hits; misses, stale hits and evictions follow. */
  readonly counter: number;
  /** Sites that draw from 0 to 1, or -1. */
  readonly jitterSite: number;
  readonly victimSite: number;
  /** Whether one load is enough for all who miss. */
  readonly singleFlight: boolean;
  /** How long an entry lives, and how long it is fresh: Infinity for ever. */
  readonly life: number;
  readonly fresh: number;
  /** Share of both that is drawn. */
  readonly jitter: number;
}

/** Which entry of a full cache has to go. */
export const evicts = { lru: 0, fifo: 1, clock: 2, slru: 3, random: 4, lfu: 5 } as const;

/** Ints of a keyed cache. */
export const cacheStride = 32;
