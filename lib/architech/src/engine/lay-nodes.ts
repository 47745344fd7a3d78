import * as at from "./core/addresses.js";
import { channelStride } from "./core/channel-places.js";
import type { Image } from "./image.js";
import { layChannels, memberAt } from "./lay-channels.js";
import type { Program } from "./program.js";
import { type RecordPlan, stationStride, unlimited } from "./station-plan.js";

/** Lays stations, queues, workers and what goes down together. */
export function layNodes(image: Image, program: Program): void {
  const { stations, queues, workers, faults } = program;
  const firstStation = image.take(stationStride * stations.length);
  const firstQueue = image.take(16 * queues.length);
  image.ints[at.stations] = firstStation;
  image.ints[at.queues] = firstQueue;
  // free, head, tail, waiting, down, gauge, depth, servers, room, order, record, frozen, …, quiet
  for (const [i, { servers, gauge, depth, room = unlimited, order = 0, record, quiet = false }] of stations.entries()) {
    const own = record === undefined ? 0 : layRecord(image, record);
    image.ints.set(
      [servers, -1, -1, 0, 0, gauge, depth, servers, Math.min(room, unlimited), order, own, -1, 0, 0, 0, quiet ? 1 : 0],
      firstStation + stationStride * i,
    );
  }
  const takers: number[] = [];
  for (const [i, queue] of queues.entries()) {
    // head, tail, waiting, capacity, down, meter, depth, takers, first taker
    const capacity = Math.min(queue.capacity, 0x7fffffff);
    const record = [-1, -1, 0, capacity, 0, queue.meter, queue.depth, queue.takers.length, takers.length];
    image.ints.set(record, firstQueue + 16 * i);
    takers.push(...queue.takers);
  }
  image.set(at.takers, image.lay(takers));
  image.set(
    at.workers,
    image.lay(
      workers.flatMap(({ queue, station, meter, entry }) => [
        firstQueue + 16 * queue,
        firstStation + stationStride * station,
        meter,
        entry,
      ]),
    ),
  );
  layChannels(image, program);
  const channelPlace = (channel: number): number => image.ints[at.messaging]! + channelStride * channel;
  image.set(
    at.faults,
    image.lay(
      faults.flatMap(
        ({ firstStation: station, stationCount, gate, queue, worker, freezes = false, channel, members = false }) => [
          firstStation + stationStride * station,
          stationCount,
          gate,
          queue < 0 ? -1 : firstQueue + 16 * queue,
          worker,
          channel === undefined || members ? 0 : channelPlace(channel),
          ...(channel !== undefined && members ? [memberAt(image, channel, station, program), stationCount] : [0, 0]),
          freezes ? 1 : 0,
          ...[0, 0, 0, 0, 0, 0, 0],
        ],
      ),
    ),
  );
}

function layRecord(image: Image, { ints, doubles, room }: RecordPlan): number {
  const place = image.take(16);
  const own = room === undefined ? 0 : image.takeFloats(room.doubles);
  image.ints.set(ints, place);
  if (room !== undefined) image.ints[place + room.at] = own;
  image.floats.set(doubles, place / 2 + 8 - doubles.length);
  return place;
}
