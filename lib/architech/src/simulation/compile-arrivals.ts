import type { Label } from "../engine/assembler.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import type { BurstsDocument, OpenTrafficDocument, ProfileDocument, TraceDocument } from "../model/traffic-document.js";
import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";
import type { Compilation } from "./compile.js";
import { compileProfile } from "./compile-profile.js";
import type { Entries } from "./compile-traffic.js";
import { cumulative } from "./shares.js";

/** When requests of open traffic come. */
export type OpenFlow = Pick<OpenTrafficDocument, "rate" | "arrivals" | "batch">;

/** Registers of a source. */
const index = 0;
const left = 1;

/** One instruction that starts requests one at a time, at a rate that is fixed or has a profile. */
export function compileSource(compilation: Compilation, flow: OpenFlow, entries: Entries, stream: string): void {
  const { assembler } = compilation;
  const rate = flow.rate as string | ProfileDocument;
  // Of a rate that changes, gaps are measured in arrivals that are due.
  const gap = typeof rate === "string" ? 1 / parseRate(rate) : 1;
  const regular = flow.arrivals === "regular";
  const site = regular ? -1 : compilation.site(`${stream}/arrivals`, { kind: "exponential", mean: gap });
  const constant = regular ? assembler.constant(gap) : -1;
  const profile = typeof rate === "string" ? -1 : compileProfile(assembler, rate);
  const { of, choice, shares } = entries;
  const starts = of.flatMap(({ entry, meter }) => [entry, meter]);
  assembler.emit(opcodes.source, site, constant, choice, of.length, shares, profile, ...starts);
}

/** A loop that waits for arrivals and starts one request, or several, at each. */
export function compileArrivals(compilation: Compilation, flow: OpenFlow, entries: Entries, stream: string): void {
  const { assembler } = compilation;
  const arrive = (next: Label): void => {
    compileBatch(compilation, flow, entries, stream);
    assembler.emit(opcodes.jump, next);
  };
  const { rate } = flow;
  if (typeof rate === "object" && "states" in rate) compileBursts(compilation, rate, stream, arrive);
  else if (typeof rate === "object" && "times" in rate) compileTrace(compilation, rate, entries, arrive);
  else {
    const next = assembler.label();
    assembler.mark(next);
    const gap = typeof rate === "string" ? 1 / parseRate(rate) : 1;
    if (flow.arrivals === "regular") assembler.emit(opcodes.expect, assembler.constant(gap));
    else assembler.emit(opcodes.draw, compilation.site(`${stream}/arrivals`, { kind: "exponential", mean: gap }));
    if (typeof rate === "string") assembler.emit(opcodes.delayDrawn);
    else assembler.emit(opcodes.due, compileProfile(assembler, rate));
    arrive(next);
  }
}

/** Starts as many requests as come at once. */
function compileBatch(compilation: Compilation, { batch = 1 }: OpenFlow, entries: Entries, stream: string): void {
  const { assembler } = compilation;
  const again = assembler.label();
  if (typeof batch === "object") {
    // What is waited for lies where this draws: the source waits anew after it.
    assembler.emit(opcodes.draw, compilation.site(`${stream}/batch`, { kind: "geometric", mean: batch.mean }));
    assembler.emit(opcodes.setDrawn, left);
  } else if (batch > 1) assembler.emit(opcodes.set, left, batch);
  assembler.mark(again);
  compileStart(compilation, entries);
  if (batch !== 1) assembler.emit(opcodes.loop, left, again);
}

/** Starts one request of the mix. */
function compileStart({ assembler }: Compilation, { of, choice, shares }: Entries): void {
  const branches = of.map(() => assembler.label());
  const done = assembler.label();
  if (of.length > 1) assembler.emit(opcodes.either, choice, of.length, shares, ...branches);
  of.forEach(({ entry, meter }, i) => {
    assembler.mark(branches[i]!);
    assembler.emit(opcodes.spawn, entry, meter);
    if (i < of.length - 1) assembler.emit(opcodes.jump, done);
  });
  assembler.mark(done);
}

/** Each state waits for the next arrival or its own end, whichever comes first: one exponential, and a draw of which it was. */
function compileBursts(
  compilation: Compilation,
  { states }: BurstsDocument,
  stream: string,
  arrive: (next: Label) => void,
): void {
  const { assembler } = compilation;
  const starts = states.map(() => assembler.label());
  states.forEach(({ rate, for: mean }, i) => {
    const arrivals = parseRate(rate);
    const ends = 1 / parseDuration(mean);
    const next = starts[(i + 1) % states.length]!;
    const comes = assembler.label();
    const shares = assembler.constants(...cumulative([arrivals, ends]));
    assembler.mark(starts[i]!);
    const site = compilation.site(`${stream}/arrivals/${i}`, { kind: "exponential", mean: 1 / (arrivals + ends) });
    assembler.emit(opcodes.delay, site);
    const which = compilation.site(`${stream}/state/${i}`, uniform);
    assembler.emit(opcodes.either, which, 2, shares, comes, next);
    assembler.mark(comes);
    arrive(starts[i]!);
  });
}

function compileTrace(
  compilation: Compilation,
  { unit, times, ops, repeat }: TraceDocument,
  entries: Entries,
  arrive: (next: Label) => void,
): void {
  const { assembler } = compilation;
  const scale = unit === "s" ? 1000 : 1;
  const period = repeat === undefined ? 0 : parseDuration(repeat);
  const first = assembler.constants(period, ...times.map((at) => at * scale));
  const next = assembler.label();
  const over = assembler.label();
  assembler.emit(opcodes.set, index, 0);
  assembler.emit(opcodes.expect, assembler.constant(0));
  assembler.mark(next);
  assembler.emit(opcodes.replay, index, times.length, first, over);
  if (ops === undefined) arrive(next);
  else {
    const places = new Map(entries.of.map(({ op }, i) => [op, i]));
    const which = assembler.constants(...ops.map((op) => places.get(op) ?? entries.of.length));
    const branches = entries.of.map(() => assembler.label());
    assembler.emit(opcodes.pick, index, which, ...branches, next);
    entries.of.forEach(({ entry, meter }, i) => {
      assembler.mark(branches[i]!);
      assembler.emit(opcodes.spawn, entry, meter);
      assembler.emit(opcodes.jump, next);
    });
  }
  assembler.mark(over);
  assembler.emit(opcodes.quit);
}
