import * as at from "./core/addresses.js";
import type { Image } from "./image.js";
import { memberAt } from "./lay-channels.js";
import type { Program } from "./program.js";
import { besideStride, recordStride, replicaState } from "./scaled-plan.js";
import { stationStride } from "./station-plan.js";

/** Taken off a station's free servers while it is down. */
const downOffset = 0x40000000;

/** Records of the nodes that scale, with their first replicas in place; stations, queues and gauges are laid already. */
export function layScaled(image: Image, program: Program): void {
  const { scaled, stations } = program;
  if (scaled.length === 0) return;
  const records = image.take(recordStride * scaled.length);
  const firstBeside = image.lay(stations.flatMap(() => [0, 0, 0, -1]));
  image.set(at.scaled, records);
  image.set(at.replicas, firstBeside);
  for (const [i, plan] of scaled.entries()) {
    const list = image.take(plan.places);
    const { ints } = image;
    const record = records + recordStride * i;
    const station = (index: number): number => ints[at.stations]! + stationStride * index;
    const lobby = plan.lobby < 0 ? -1 : station(plan.lobby);
    const queue = plan.queue < 0 ? -1 : ints[at.queues]! + 16 * plan.queue;
    const first = station(plan.firstStation);
    const { initial, threads, cores, present, presentCores, workingThreads, workingCores } = plan;
    ints.set([initial, list, first, lobby, queue, present, workingThreads, plan.worker, workingCores], record);
    const member = plan.channel < 0 ? 0 : memberAt(image, plan.channel, plan.firstStation, program);
    ints.set([presentCores, threads, cores, initial, plan.coreOffset, plan.places, member], record + 9);
    for (let place = 0; place < plan.places; place++) {
      const s = first + stationStride * place;
      const ready = place < plan.initial;
      const state = ready ? replicaState.ready : replicaState.absent;
      const busy = plan.busy < 0 ? -1 : plan.busy + place;
      const beside = firstBeside + besideStride * (plan.firstStation + place);
      ints.set([record, state, plan.ended + place, busy], beside);
      if (plan.coreOffset > 0) ints[beside + (plan.coreOffset / stationStride) * besideStride + 3] = busy;
      if (ready) ints[list + place] = s;
      else if (lobby < 0) {
        // Who takes messages without being asked must be kept from it.
        ints[s + 4] = 1;
        ints[s] = ints[s]! - downOffset;
      }
    }
    const counts = ints[at.gaugeCounts]!;
    ints[counts + present] = initial;
    ints[counts + presentCores] = initial * cores;
    ints[counts + workingThreads] = initial * threads;
    ints[counts + workingCores] = initial * cores;
  }
}
