import * as at from "../core/addresses.js";
import type { Program } from "../program.js";
import { stationStride } from "../station-plan.js";
import type { Known } from "./residue.js";

/** Places of scalars that say where tables lie that never move, or that never change. */
export const fixed: ReadonlySet<number> = new Set([
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
  const again = goneRound(program, ints);
  return {
    code: { from, to },
    entries: program.entries,
    resumed: [...new Set([...resumedIn(program, ints), ...again])],
    again,
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

/** Instructions at which frames start, to which tables or instructions of many kinds lead, or which follow one of those. */
function resumedIn({ code, entries, starts }: Program, ints: Int32Array): number[] {
  const all = new Set(entries);
  const resumed = new Set([at.codeStart, at.codeStart + 1, ...starts.map(({ pc }) => pc)]);
  const end = at.codeStart + code.length;
  for (const [i, entry] of entries.entries()) {
    const next = entries[i + 1] ?? end;
    if (ints[entry]! < firstExtended) continue;
    if (next < end) resumed.add(next);
    for (let place = entry + 1; place < next; place++) if (all.has(ints[place]!)) resumed.add(ints[place]!);
  }
  for (let place = end; place < ints.length; place++) if (all.has(ints[place]!)) resumed.add(ints[place]!);
  return [...resumed].filter((place) => all.has(place));
}

const firstExtended = 40;

/** Instructions to which others lead that come after them, taking every operand for a place that could be one. */
function goneRound({ code, entries }: Program, ints: Int32Array): Set<number> {
  const end = at.codeStart + code.length;
  const places = new Map(entries.map((entry, i) => [entry, i]));
  const ways = entries.map((entry, i) => {
    const next = entries[i + 1] ?? end;
    const all = next < end ? [next] : [];
    for (let place = entry + 1; place < next; place++) if (places.has(ints[place]!)) all.push(ints[place]!);
    return all;
  });
  const again = new Set<number>();
  const [fresh, open, done] = [0, 1, 2];
  const states = new Uint8Array(entries.length);
  for (const entry of entries) {
    if (states[places.get(entry)!] !== fresh) continue;
    const path = [{ entry, turn: 0 }];
    states[places.get(entry)!] = open;
    while (path.length > 0) {
      const step = path[path.length - 1]!;
      const to = ways[places.get(step.entry)!]![step.turn++];
      if (to === undefined) {
        states[places.get(step.entry)!] = done;
        path.pop();
      } else if (states[places.get(to)!] === open) again.add(to);
      else if (states[places.get(to)!] === fresh) {
        states[places.get(to)!] = open;
        path.push({ entry: to, turn: 0 });
      }
    }
  }
  return again;
}
