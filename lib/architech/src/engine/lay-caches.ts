import { cacheStride, type KeyedCachePlan } from "./cache-plan.js";
import * as at from "./core/addresses.js";
import type { Image } from "./image.js";

/** Share of a segmented cache that is protected. */
const protectedShare = 0.8;

/** Lays caches that know their keys: see `core/keyed-cache.ts`. */
export function layCaches(image: Image, caches: readonly KeyedCachePlan[]): void {
  const first = image.take(cacheStride * caches.length);
  image.ints[at.caches] = first;
  for (const [i, cache] of caches.entries()) {
    const { evicts, entries, counter, jitterSite, victimSite, singleFlight, life, fresh, jitter } = cache;
    const table = powerOfTwo(entries);
    const flights = Math.min(table, 1024);
    const ints = [
      ...[evicts, entries, 0, image.take(table), table - 1, image.take(10 * entries)],
      ...[0, 0, 0, 0, 0, 0, 0, Math.floor(protectedShare * entries)],
      ...[counter, jitterSite, victimSite, singleFlight ? 1 : 0, image.take(flights), flights - 1, 0],
      ...[0, 0, 0, evicts === 5 ? image.take(6 * (entries + 1)) : 0],
    ];
    const place = first + cacheStride * i;
    image.ints.set(ints, place);
    image.floats.set([life, fresh, jitter], place / 2 + 13);
  }
}

/** The first power of two that is no less, and 64 at least. */
export function powerOfTwo(least: number): number {
  let power = 64;
  while (power < least) power *= 2;
  return power;
}
