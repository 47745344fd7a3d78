import * as at from "../core/addresses.js";
import { type Program, stationStride } from "../program.js";
import type { Known } from "./specialise.js";

/** Places of scalars that say where tables lie that never move, or that never change. */
const fixed: ReadonlySet<number> = new Set([
  at.reserved,
  at.lanes,
  at.laneCount,
  at.sampleNext,
  at.sites,
  at.gaugeCounts,
  at.depths,
  at.rotation,
  at.gates,
  at.stations,
  at.queues,
  at.workers,
  at.takers,
  at.faults,
  at.pageTable,
  at.touched,
  at.drawn,
  at.constants,
  at.meters,
  at.gauges,
  at.counters,
  at.frameStride,
  at.wide,
  at.policies,
  at.classes,
  at.levers,
  at.caches,
  at.copies,
  at.messaging,
  at.balancers,
  at.resting,
  at.scaled,
  at.replicas,
  at.batchSize,
]);
/** Ints of a station that never change: its gauge, its depth, its order and its line. */
const ofStation: ReadonlySet<number> = new Set([5, 6, 9, 10]);

/** What a program's memory says for as long as the machine runs. */
export function knownOf(program: Program, ints: Int32Array): Known {
  const from = at.codeStart;
  const to = from + program.code.length;
  const stations = ints[at.stations]!;
  const stationsEnd = stations + stationStride * program.stations.length;
  const workers = ints[at.workers]!;
  const workersEnd = workers + 4 * program.workers.length;
  return {
    code: { from, to },
    entries: program.entries,
    int(place) {
      const known =
        (place >= from && place < to) ||
        fixed.has(place) ||
        (place >= workers && place < workersEnd) ||
        (place >= stations && place < stationsEnd && ofStation.has((place - stations) % stationStride));
      return known ? ints[place] : undefined;
    },
  };
}
