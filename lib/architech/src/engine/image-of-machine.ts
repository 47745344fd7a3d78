import * as at from "./core/addresses.js";
import { pageSize, pagesEach } from "./histogram.js";
import { Image } from "./image.js";
import { layBalancers } from "./lay-balancers.js";
import { layCaches } from "./lay-caches.js";
import { layCopies } from "./lay-copies.js";
import { layNodes } from "./lay-nodes.js";
import { layPolicies } from "./lay-policies.js";
import { layResting } from "./lay-resting.js";
import { layScaled } from "./lay-scaled.js";
import { laySites } from "./lay-sites.js";
import type { Program } from "./program.js";

/** The memory of a machine before its first event. */
export function imageOf(program: Program, key: string, maxInside: number, batchSize: number): Image {
  const image = new Image();
  const set = (place: number, value: number): void => image.set(place, value);
  image.lay(program.code);
  set(at.constants, image.layFloats(program.constants));
  laySites(image, program.sites, key);
  layNodes(image, program);
  layPolicies(image, program);
  layCaches(image, program.caches);
  layCopies(image, program.copies);
  set(at.meters, image.takeFloats(8 * program.meters));
  set(at.gauges, image.takeFloats(program.gauges));
  set(at.gaugeCounts, image.take(program.gauges));
  set(at.depths, image.take(2 * program.depths));
  set(at.counters, image.takeFloats(program.counters));
  set(at.rotation, image.take(program.counters));
  set(at.gates, image.take(program.gates));
  set(at.drawn, image.take(program.stations.length));
  layScaled(image, program);
  layBalancers(image, program);
  layResting(image, program);
  for (const [place, count] of [
    [at.touched, 2 * program.meters],
    [at.pageTable, 2 * program.meters * pagesEach],
  ] as const) {
    const first = image.take(count);
    image.ints.fill(-1, first, first + count);
    set(place, first);
  }
  const room = 16;
  set(at.pageRoom, room);
  set(at.pageCounts, image.take(room * pageSize));
  set(at.pageInfo, image.take(room * 4));
  set(at.heapRoom, room);
  set(at.heapTime, image.takeFloats(room));
  set(at.heapInfo, image.take(room * 2));
  set(at.laneCount, program.lanes.length);
  set(at.lanes, image.take(10 * program.lanes.length));
  for (const [i, delay] of program.lanes.entries()) {
    const lane = image.ints[at.lanes]! + 10 * i;
    const ring = image.take(6 * room);
    image.ints.set([0, 0, room, ring], lane);
    image.floats.set([Number.POSITIVE_INFINITY, delay], lane / 2 + 3);
  }
  let frames = Math.min(maxInside, 0x3ffffff) + program.reserve;
  for (const { count } of program.starts) frames += count;
  set(at.maxFrames, frames);
  set(at.reserved, program.reserve);
  set(at.wide, program.wide ? 1 : 0);
  set(at.frameStride, program.wide ? 32 : 24);
  set(at.free, -1);
  set(at.nextLane, -1);
  set(at.epoch, 1);
  set(at.batchSize, batchSize);
  set(at.batchesRoom, batchSize > 0 ? 64 : 0);
  set(at.batches, image.takeFloats(batchSize > 0 ? 128 : 0));
  return image;
}
