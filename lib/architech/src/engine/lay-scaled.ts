import * as at from "./core/addresses.js";
import type { Image } from "./image.js";
import { type Program, recordStride, replicaState, stateField, stationStride } from "./program.js";

/** Taken off a station's free servers while it is down. */
const downOffset = 0x40000000;

/** Records of the nodes that scale, with their first replicas in place; stations, queues and gauges are laid already. */
export function layScaled(image: Image, { scaled }: Program): void {
  const records = image.take(recordStride * scaled.length);
  image.ints[at.scaled] = records;
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
    ints.set([presentCores, threads, cores, initial, plan.coreOffset, plan.places], record + 9);
    for (let place = 0; place < plan.places; place++) {
      const s = first + stationStride * place;
      const ready = place < plan.initial;
      const state = ready ? replicaState.ready : replicaState.absent;
      ints.set([record, state, plan.ended + place, plan.busy < 0 ? -1 : plan.busy + place], s + stateField - 1);
      if (ready) ints[list + place] = s;
      else if (queue >= 0) {
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
