import { parseDuration } from "../units/duration.js";
import type { KeyedCacheDocument } from "./cache-document.js";
import { cost, noCores } from "./format-cost.js";
import { time } from "./format-time.js";
import type { ByField, Fail, Field } from "./shape.js";
import {
  count,
  duration,
  flag,
  object,
  only,
  optional,
  positiveDuration,
  ratio,
  reference,
  required,
} from "./shape-parts.js";

const fields = (own: Record<string, Field>): Record<string, Field> => ({
  kind: required(only("cache")),
  get: required(time),
  put: optional(time, "Default: as get."),
  ...own,
  fronts: optional(reference, "The database that a get reads on a miss, unless it says otherwise."),
  cost,
});

/** A cache: told apart by whether hits are drawn or keys are kept. */
export const cacheShape: ByField = {
  shape: "by field",
  what: "a cache",
  cases: {
    hitRatio: object("a cache", fields({ hitRatio: required(ratio, "Share of gets that find their value.") }), noCores),
    entries: object(
      "a cache of keys",
      fields({
        entries: required(count, "Keys that it holds at most."),
        evict: optional(
          only("lru", "lfu", "fifo", "clock", "slru", "random"),
          "Which entry goes when it is full. Default lru.",
        ),
        ttl: optional(positiveDuration, "How long an entry lives. Default: for ever."),
        ttlJitter: optional(ratio, "Share of ttl and softTtl that is drawn. Default 0."),
        softTtl: optional(
          positiveDuration,
          "From then on an entry still answers, and is loaded anew in the background. Default: never.",
        ),
        singleFlight: optional(
          flag,
          "Whether gets that miss a key while it is being loaded wait for that load. Default: each loads it.",
        ),
        warm: optional(flag, "Whether it begins full of the keys asked for most often. Default: empty."),
        write: optional(
          only("around", "through", "behind"),
          "What a put does to the database that it fronts: writes it and lets the key go, writes it first, writes it later. Default: nothing.",
        ),
        writeAfter: optional(duration, "Of behind: how long after. Default 0."),
      }),
      fittingCache,
    ),
  },
};

function fittingCache(value: Omit<KeyedCacheDocument, "kind">, fail: Fail): void {
  const { ttl, ttlJitter, softTtl, write, writeAfter, fronts } = value;
  noCores(value, fail);
  if (ttl !== undefined && softTtl !== undefined && parseDuration(softTtl) >= parseDuration(ttl))
    fail("softTtl", `is "${softTtl}", no less than the ttl "${ttl}": nothing would ever be stale`);
  if (ttlJitter !== undefined && ttl === undefined && softTtl === undefined)
    fail("ttlJitter", "is given, but there is no ttl to draw it from");
  if (write !== undefined && fronts === undefined)
    fail("write", `is given, but there is no database to write: say which one it fronts`);
  if (writeAfter !== undefined && write !== "behind")
    fail("writeAfter", 'is given, but only a cache that writes "behind" writes later');
}
