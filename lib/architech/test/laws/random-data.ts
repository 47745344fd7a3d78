import fc from "fast-check";
import type { KeyedCacheDocument } from "#src/model/cache-document.js";
import type { DatabaseDocument, ReshardDocument, ShardsDocument } from "#src/model/database-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { TrafficDocument } from "#src/model/traffic-document.js";
import { line } from "./random-line.js";
import { given, maybe } from "./random-optional.js";
import { ms, time } from "./random-time.js";

export const ratioCache = fc.record({
  kind: fc.constant("cache" as const),
  get: time,
  hitRatio: fc.constantFrom(0, 0.5, 1),
  fronts: fc.constant("db"),
});

/** A cache that keeps some of the keys, in any way. */
export const keyedCache: fc.Arbitrary<KeyedCacheDocument> = fc
  .record({
    get: fc.oneof(time, fc.constant("0ms")),
    put: fc.option(time, { nil: undefined }),
    entries: fc.integer({ min: 1, max: 12 }),
    evict: fc.constantFrom("lru", "lfu", "fifo", "clock", "slru", "random"),
    times: fc.constantFrom<Pick<KeyedCacheDocument, "ttl" | "softTtl" | "ttlJitter">>(
      {},
      { ttl: "20ms" },
      { softTtl: "5ms" },
      { ttl: "30ms", softTtl: "5ms", ttlJitter: 0.5 },
    ),
    singleFlight: fc.boolean(),
    warm: fc.boolean(),
    write: fc.constantFrom<Pick<KeyedCacheDocument, "write" | "writeAfter">>(
      {},
      { write: "around" },
      { write: "through" },
      { write: "behind", writeAfter: "3ms" },
    ),
  })
  .map(({ times, write, put, ...settings }) => ({
    kind: "cache",
    ...settings,
    ...(put === undefined ? {} : { put }),
    ...times,
    ...write,
    fronts: "db",
  }));

/** A database of one station, or of several. */
export const database = (rich: boolean): fc.Arbitrary<DatabaseDocument> =>
  fc
    .record({
      connections: fc.integer({ min: 1, max: 4 }),
      read: time,
      write: time,
      queue: rich ? fc.option(line, { nil: undefined }) : fc.constant(undefined),
      copies: rich
        ? fc.oneof(
            fc.constant({}),
            fc.record({
              replicas: fc.record({
                count: fc.integer({ min: 1, max: 3 }),
                reads: fc.constantFrom("replica" as const, "any" as const),
                lag: time,
                sync: fc.integer({ min: 0, max: 1 }),
                readYourWrites: fc.boolean(),
              }),
            }),
            fc.constant({ replicas: { count: 1, reads: "primary" as const, lag: "1ms", sync: 1 } }),
            fc.record({
              quorum: fc.record({
                copies: fc.constant(3),
                read: fc.integer({ min: 1, max: 3 }),
                write: fc.integer({ min: 1, max: 3 }),
              }),
            }),
          )
        : fc.constant({}),
      shards: rich
        ? fc.option(
            fc.record({
              count: fc.integer({ min: 1, max: 4 }),
              by: fc.constantFrom("hash" as const, "range" as const),
              reshard: maybe(resharding),
            }),
            { nil: undefined },
          )
        : fc.constant(undefined),
    })
    .map(({ queue, copies, shards, ...settings }) => ({
      kind: "database",
      ...settings,
      ...(queue === undefined ? {} : { queue }),
      ...copies,
      ...(shards === undefined ? {} : { shards: shardsOf(shards, "quorum" in copies) }),
    }));

/** Some with so many slots for each shard that there is at first. */
const resharding = fc
  .record({
    each: maybe(fc.integer({ min: 5, max: 8 })),
    to: fc.integer({ min: 1, max: 5 }),
    at: ms(0, 30),
    copy: fc.oneof(ms(1, 4), fc.constant({ dist: "exponential" as const, mean: "1ms" })),
    block: ms(1, 5),
    writes: maybe(fc.constantFrom("hang" as const, "refuse" as const)),
    pause: maybe(ms(0, 2)),
  })
  .map(({ each, ...settings }) => ({ each, settings }));
type Resharding = typeof resharding extends fc.Arbitrary<infer Of> ? Of : never;

/** What has no primary does not move its keys, nor does what has as many shards already. */
function shardsOf(
  { reshard, ...shards }: Omit<ShardsDocument, "reshard"> & { readonly reshard: Resharding | undefined },
  quorum: boolean,
): ShardsDocument {
  if (reshard === undefined || quorum || reshard.settings.to === shards.count) return shards;
  const slots = reshard.each === undefined ? undefined : reshard.each * shards.count;
  return { ...shards, reshard: given<ReshardDocument>({ ...reshard.settings, slots }) };
}

export const goesByKey = (nodes: Readonly<Record<string, NodeDocument | undefined>>): boolean =>
  /"(entries|shards)"|"readYourWrites":true|"(ring|sticky)"/.test(JSON.stringify(nodes));

/** The traffic with keys in every flow. */
export function keyed(traffic: TrafficDocument): TrafficDocument {
  const keys = { count: 20, skew: 1 };
  if (!("classes" in traffic)) return { keys, ...traffic };
  return {
    classes: Object.fromEntries(Object.entries(traffic.classes).map(([name, flow]) => [name, { keys, ...flow }])),
  };
}
