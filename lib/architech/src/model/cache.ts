import type { Duration } from "../units/duration.js";
import type { Ratio } from "../units/ratio.js";
import type { Eviction } from "./cache-document.js";
import type { Priced } from "./cost.js";
import type { Database } from "./database.js";
import { define } from "./definition.js";
import { makeStep, type Step, type Steps } from "./step.js";
import type { CheckedDuration, CheckedRatio, CheckedTime, TimeLike } from "./time.js";

/** A cache in front of something slower. */
export interface Cache {
  readonly kind: "cache";
  /** Looks a value up. On a miss the steps of `miss` follow; without them the database that the cache fronts is read. */
  get(otherwise?: { readonly miss: Steps }): Step;
  /** Puts the value in; with `write` the database that the cache fronts is written too. */
  put(): Step;
}

interface AnyCacheSettings<G, P> extends Priced {
  readonly get: CheckedTime<G>;
  /** Default: as `get`. */
  readonly put?: CheckedTime<P>;
  /** The database that a get reads on a miss, unless the get says otherwise. */
  readonly fronts?: Database;
}

export interface RatioCacheSettings<G, P, H> extends AnyCacheSettings<G, P> {
  /** Share of gets that find their value: 0.85 or "85%". */
  readonly hitRatio: CheckedRatio<H>;
}

/** The keys are those of the requests: `keys` of the traffic. */
export interface KeyedCacheSettings<G, P, L = Duration, S = Duration, J = Ratio, W = Duration>
  extends AnyCacheSettings<G, P> {
  /** Keys that it holds at most. */
  readonly entries: number;
  /**
   * Which entry of a full cache has to go: the one asked for least recently ("lru", the default), or least often of
   * those that are in ("lfu"), the oldest ("fifo"), the oldest that was not asked for since it was last spared
   * ("clock"), the least recent of those never asked for again ("slru"), any ("random").
   */
  readonly evict?: Eviction;
  /** How long an entry lives after it was loaded or put. Default: for ever. */
  readonly ttl?: CheckedDuration<L>;
  /** Share of `ttl` and `softTtl` that is drawn: ttl × (1 − ttlJitter × U). Default 0. */
  readonly ttlJitter?: CheckedRatio<J>;
  /** From then on an entry still answers, and the first get loads it anew in the background. Default: never. */
  readonly softTtl?: CheckedDuration<S>;
  /** Whether gets that miss a key while it is being loaded wait for that load. Default false: each loads it. */
  readonly singleFlight?: boolean;
  /** Whether it begins full of the keys that are asked for most often. Default false: it begins empty. */
  readonly warm?: boolean;
  /**
   * What a put does to the database that it fronts: writes it and lets the key go ("around"), writes it first
   * ("through"), writes it later ("behind"). Default: nothing.
   */
  readonly write?: "around" | "through" | "behind";
  /** Of "behind": how long after; further puts of the key until then are written along. Default "0ms". */
  readonly writeAfter?: CheckedDuration<W>;
}

/**
 * A cache that hits by chance, `cache({ get: "0.4ms", hitRatio: 0.85 })`, or one that knows its keys,
 * `cache({ get: "0.4ms", entries: 10_000, evict: "lru", ttl: "60s" })`.
 */
export function cache<
  G extends TimeLike,
  H extends string | number,
  P extends TimeLike = TimeLike,
  L extends TimeLike = Duration,
  S extends TimeLike = Duration,
  J extends string | number = Ratio,
  W extends TimeLike = Duration,
>(settings: RatioCacheSettings<G, P, H> | KeyedCacheSettings<G, P, L, S, J, W>): Cache {
  const self: Cache = {
    kind: "cache",
    get: (otherwise) =>
      makeStep({
        do: "call",
        to: self,
        op: "get",
        miss: otherwise === undefined ? undefined : Object.freeze([...otherwise.miss]),
      }),
    put: () => makeStep({ do: "call", to: self, op: "put" }),
  };
  return define(self, settings);
}
