import { type CopiesPlan, copiesStride, type ReshardingPlan } from "./copies-plan.js";
import * as at from "./core/addresses.js";
import type { Image } from "./image.js";
import { powerOfTwo } from "./lay-caches.js";
import { stationStride } from "./station-plan.js";

/** Lays databases of several stations: see `core/copies.ts`. */
export function layCopies(image: Image, databases: readonly CopiesPlan[]): void {
  const first = image.take(copiesStride * databases.length);
  image.ints[at.copies] = first;
  for (const [i, plan] of databases.entries()) {
    const versions = plan.lagSite >= 0 ? powerOfTwo(Math.min(plan.keys, 1024)) : 0;
    const ints = [
      ...[plan.firstStation * stationStride, plan.shards, plan.copies, plan.byRange ? 1 : 0, plan.keys, plan.reader],
      ...[plan.readsWrites ? 1 : 0, plan.sync, plan.lagSite, image.take(plan.shards), plan.firstMeter, plan.meter],
      ...[plan.counter, image.take(versions), versions - 1],
    ];
    image.ints.set(ints, first + copiesStride * i);
    if (plan.resharding !== undefined) layResharding(image, first + copiesStride * i + 15, plan.resharding);
  }
}

function layResharding(
  image: Image,
  place: number,
  { slots, moves, door, refuses, moved, present, connections }: ReshardingPlan,
): void {
  const owners = image.lay(slots.flatMap((shard) => [shard, 0]));
  const ways = image.lay(moves.flatMap(({ slot, from, to }) => [slot, from, to]));
  image.ints.set(
    [owners, slots.length, ways, moves.length, 0, door * stationStride, refuses ? 1 : 0, moved, present, connections],
    place,
  );
}
