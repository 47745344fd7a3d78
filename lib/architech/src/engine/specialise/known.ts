import * as at from "../core/addresses.js";
import type { Program } from "../program.js";
import { stationStride } from "../station-plan.js";
import { reachable } from "./dominators.js";
import { type Block, constant, type End } from "./flow.js";
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
  const ways = waysOf(program, ints);
  const again = goneRound(program.entries, ways);
  return {
    code: { from, to },
    entries: program.entries,
    resumed: [...new Set([...resumedIn(program, ints, ways), ...again])],
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

/** Of each instruction, where it may lead: to the next, and to each operand that is the place of an instruction. */
function waysOf({ code, entries }: Program, ints: Int32Array): number[][] {
  const end = at.codeStart + code.length;
  const all = new Set(entries);
  return entries.map((entry, i) => {
    const next = entries[i + 1] ?? end;
    const operands = Array.from(ints.subarray(entry + 1, next)).filter((place) => all.has(place));
    return next < end ? [next, ...operands] : operands;
  });
}

/** Instructions at which frames start, to which tables or instructions of many kinds lead, or which follow one of those. */
function resumedIn(
  { code, entries, starts }: Program,
  ints: Int32Array,
  ways: readonly (readonly number[])[],
): number[] {
  const all = new Set(entries);
  const many = ways.filter((_, i) => ints[entries[i]!]! >= firstExtended).flat();
  const resumed = new Set([at.codeStart, at.codeStart + 1, ...starts.map(({ pc }) => pc), ...many]);
  for (let place = at.codeStart + code.length; place < ints[at.top]!; place++)
    if (all.has(ints[place]!)) resumed.add(ints[place]!);
  return [...resumed].filter((place) => all.has(place));
}

const firstExtended = 40;

/** Instructions to which a way through the code leads back. */
function goneRound(entries: readonly number[], ways: readonly (readonly number[])[]): Set<number> {
  const blocks = new Map(entries.map((entry, id): [number, Block] => [entry, { id, body: [], end: { kind: "trap" } }]));
  const leading = (places: readonly number[]): End => ({
    kind: "switch",
    on: constant(0),
    to: places.map((place) => blocks.get(place)!),
  });
  for (const [i, entry] of entries.entries()) blocks.get(entry)!.end = leading(ways[i]!);
  const order = reachable({ id: -1, body: [], end: leading(entries) });
  const turn = new Map(order.map((block, i) => [block, i]));
  const comesLater = (entry: number, than: number): boolean =>
    turn.get(blocks.get(entry)!)! > turn.get(blocks.get(than)!)!;
  return new Set(entries.flatMap((entry, i) => ways[i]!.filter((to) => !comesLater(to, entry))));
}
