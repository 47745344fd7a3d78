import type { ModelDocument } from "../model/document.js";
import { sequencesOf, visitSteps } from "../model/walk.js";
import { Cut } from "./cut.js";
import { type CutGraph, cutGraphOf, type Link } from "./cut-graph.js";
import { expectedLoad } from "./expected-load.js";
import type { Groups } from "./groups.js";

/** What it takes, in nanoseconds, about: what counts is how they compare (docs/decisions/parts-by-windows.md). */
const eventNs = 90;
/** Of a window and of a message at both ends: between threads, and between workers over a bus (parts-over-the-bus.md). */
const costs = {
  threads: { windowNs: 25_000, messageNs: 1_200 },
  workers: { windowNs: 700_000, messageNs: 4_000 },
} as const;
type Costs = (typeof costs)[keyof typeof costs];
/** Latencies that are tried as the least one over the cut. */
const mostLevels = 12;

/** A cut, and what it is expected to be worth. */
export interface ChosenCut {
  readonly cut: Cut;
  /** The names of each part's nodes. */
  readonly nodes: readonly (readonly string[])[];
  /** The least latency over the cut, in ms. */
  readonly lookaheadMs: number;
  /** Events of a part in a window, expected. */
  readonly eventsPerWindow: number;
  /** How many times as quick as one sequence, expected. */
  readonly gain: number;
}

/** A group of names that stay together at some level. */
interface Block {
  readonly names: string[];
  events: number;
  /** Calls a millisecond to other blocks. */
  readonly calls: Map<number, number>;
}

/**
 * Cuts a model into parts: at most so many, where it can be cut at all. Every latency is tried as the least one over the
 * cut: what is nearer stays together, as zones and regions do, and of what is left parts are made that have about as much
 * to do and call each other little. The cut that is expected to be quickest wins; a reason where there is none.
 */
export function chooseCut(
  document: ModelDocument,
  most: number,
  across: keyof typeof costs = "threads",
): ChosenCut | string {
  if (asksOutside(document)) return "what a function decides is worked on in the thread that has the function";
  const graph = cutGraphOf(document);
  const { groups, links, reasons } = graph;
  const open = links.filter(({ from, to, latency }) => latency > 0 && groups.of(from) !== groups.of(to));
  if (links.length === 0) return "no call takes a time on its way: without latencies there is nothing to cut at";
  if (open.length === 0) return reasons.slice(0, 3).join("; ") || "everything is called by something near";
  const load = expectedLoad(document);
  const levels = [...new Set(open.map(({ latency }) => latency))].sort((a, b) => b - a);
  const tried =
    levels.length <= mostLevels ? levels : levels.filter((_, i) => i % Math.ceil(levels.length / mostLevels) === 0);
  let best: ChosenCut | undefined;
  for (const level of tried) {
    const blocks = blocksAt(graph, open, level, load);
    for (let parts = 2; parts <= Math.min(most, blocks.length); parts++) {
      const chosen = cutInto(document, blocks, parts, open, costs[across]);
      if (best === undefined || chosen.gain > best.gain) best = chosen;
    }
  }
  return best ?? "everything that could be parted is joined by something near";
}

/** Whether some step is left to a function. */
function asksOutside(document: ModelDocument): boolean {
  let found = false;
  for (const { steps } of sequencesOf(document)) visitSteps(steps, (step) => void (found ||= step.do === "custom"));
  return found;
}

/** What stays together where only links of at least this latency may be cut. */
function blocksAt(
  { names, groups }: CutGraph,
  links: readonly Link[],
  level: number,
  { events, calls }: ReturnType<typeof expectedLoad>,
): readonly Block[] {
  const joined: Groups = groups.copy();
  for (const { from, to, latency } of links) if (latency < level) joined.join(from, to);
  const places = new Map<string, number>();
  const blocks: Block[] = [];
  const placeOf = (name: string): number => {
    const root = joined.of(name);
    let place = places.get(root);
    if (place === undefined) places.set(root, (place = blocks.push({ names: [], events: 0, calls: new Map() }) - 1));
    return place;
  };
  for (const name of names) {
    const block = blocks[placeOf(name)]!;
    block.names.push(name);
    block.events += events.get(name) ?? 0;
  }
  for (const { from, to } of links) {
    const [a, b] = [placeOf(from), placeOf(to)];
    const rate = calls.get(JSON.stringify([from, to])) ?? 0;
    if (a === b) continue;
    blocks[a]!.calls.set(b, (blocks[a]!.calls.get(b) ?? 0) + rate);
    blocks[b]!.calls.set(a, (blocks[b]!.calls.get(a) ?? 0) + rate);
  }
  return blocks;
}

/** Deals blocks out: the largest first, each to the part with least to do, then moves single ones as long as that helps. */
function cutInto(
  document: ModelDocument,
  blocks: readonly Block[],
  parts: number,
  links: readonly Link[],
  costs: Costs,
): ChosenCut {
  const order = blocks.map((_, i) => i).sort((a, b) => blocks[b]!.events - blocks[a]!.events || a - b);
  const events = new Float64Array(parts);
  const members = new Int32Array(parts);
  const of = new Int32Array(blocks.length);
  for (const block of order) {
    let least = 0;
    for (let part = 1; part < parts; part++)
      if (events[part]! < events[least]! || (events[part] === events[least] && members[part]! < members[least]!))
        least = part;
    of[block] = least;
    events[least] = events[least]! + blocks[block]!.events;
    members[least] = members[least]! + 1;
  }
  const crossing = (): number => {
    let calls = 0;
    for (const [i, block] of blocks.entries())
      for (const [other, rate] of block.calls) if (other > i && of[other] !== of[i]) calls += rate;
    return calls;
  };
  let calls = crossing();
  let spent = timeOf(events, calls, costs);
  for (let improved = true; improved; ) {
    improved = false;
    for (const block of order) {
      const home = of[block]!;
      if (members[home] === 1) continue;
      for (let part = 0; part < parts; part++) {
        if (part === of[block]) continue;
        const from = of[block]!;
        let change = 0;
        for (const [other, rate] of blocks[block]!.calls)
          change += of[other] === from ? rate : of[other] === part ? -rate : 0;
        move(block, from, part);
        const now = timeOf(events, calls + change, costs);
        if (now < spent - 1e-12 && members[from]! > 0) {
          spent = now;
          calls += change;
          improved = true;
        } else move(block, part, from);
      }
    }
  }
  function move(block: number, from: number, to: number): void {
    of[block] = to;
    events[from] = events[from]! - blocks[block]!.events;
    events[to] = events[to]! + blocks[block]!.events;
    members[from] = members[from]! - 1;
    members[to] = members[to]! + 1;
  }
  return chosen(document, blocks, of, events, spent, links, costs);
}

/** Nanoseconds for a millisecond of the model, without windows. */
function timeOf(events: Float64Array, calls: number, { messageNs }: Costs): number {
  return Math.max(...events) * eventNs + (2 * calls * messageNs) / events.length;
}

function chosen(
  document: ModelDocument,
  blocks: readonly Block[],
  of: Int32Array,
  events: Float64Array,
  spent: number,
  links: readonly Link[],
  { windowNs }: Costs,
): ChosenCut {
  const parts = events.length;
  const partOf = new Map(blocks.flatMap(({ names }, i) => names.map((name): [string, number] => [name, of[i]!])));
  const latencies = new Float64Array(parts * parts).fill(Number.POSITIVE_INFINITY);
  for (const { from, to, latency } of links) {
    const [a, b] = [partOf.get(from)!, partOf.get(to)!];
    if (a === b) continue;
    // There the request goes, and back the answer.
    latencies[a * parts + b] = Math.min(latencies[a * parts + b]!, latency);
    latencies[b * parts + a] = Math.min(latencies[b * parts + a]!, latency);
  }
  const lookaheadMs = Math.min(...latencies);
  const all = events.reduce((sum, each) => sum + each, 0);
  return {
    cut: new Cut(parts, partOf, latencies),
    nodes: Array.from({ length: parts }, (_, part) =>
      Object.keys(document.nodes).filter((name) => partOf.get(name) === part),
    ),
    lookaheadMs,
    eventsPerWindow: (all / parts) * lookaheadMs,
    gain: (all * eventNs) / (spent + windowNs / lookaheadMs),
  };
}
