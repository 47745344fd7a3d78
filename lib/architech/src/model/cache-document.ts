import type { Priced } from "./cost-document.js";
import type { TimeDocument } from "./time-document.js";

/** A cache that hits by chance, or one that knows its keys. */
export type CacheDocument = RatioCacheDocument | KeyedCacheDocument;

interface AnyCacheDocument extends Priced {
  readonly kind: "cache";
  readonly get: TimeDocument;
  /** Default: as `get`. */
  readonly put?: TimeDocument;
  /** The database that a miss reads when the get names no miss path of its own, and that `write` writes. */
  readonly fronts?: string;
}

export interface RatioCacheDocument extends AnyCacheDocument {
  /** Share of gets that find their value, 0 to 1. */
  readonly hitRatio: number;
}

/**
 * Which entry of a full cache has to go: the one asked for least recently ("lru", the default), or least often of those
 * that are in ("lfu"), the oldest ("fifo"), the oldest that was not asked for since it was last spared ("clock"), the
 * least recent of those never asked for again ("slru": segmented, 80 % protected), any ("random").
 */
export type Eviction = "lru" | "lfu" | "fifo" | "clock" | "slru" | "random";

export interface KeyedCacheDocument extends AnyCacheDocument {
  /** Keys that it holds at most. */
  readonly entries: number;
  readonly evict?: Eviction;
  /** How long an entry lives after it was loaded or put. Default: for ever. */
  readonly ttl?: string;
  /** Share of `ttl` and `softTtl` that is drawn: ttl × (1 − ttlJitter × U). Default 0. */
  readonly ttlJitter?: number;
  /** From then on an entry still answers, and the first get loads it anew in the background. Default: never. */
  readonly softTtl?: string;
  /** Whether gets that miss a key while it is being loaded wait for that load. Default false: each loads it. */
  readonly singleFlight?: boolean;
  /** Whether it begins full of the keys that are asked for most often. Default false: empty. */
  readonly warm?: boolean;
  /**
   * What a put does to the database that it fronts: writes it and lets the key go ("around"), writes it first
   * ("through"), writes it later ("behind"). Default: nothing, it only puts.
   */
  readonly write?: "around" | "through" | "behind";
  /** Of "behind": how long after; further puts of the key until then are written along. Default "0ms". */
  readonly writeAfter?: string;
}
