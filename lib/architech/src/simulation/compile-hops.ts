import type { Label } from "../engine/assembler.js";
import type { Distribution } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { stationStride, unlimited } from "../engine/station-plan.js";
import type { ModelDocument } from "../model/document.js";
import type { FaultDocument, PartitionDocument } from "../model/fault-document.js";
import { hopBetween, standsIn } from "../model/network.js";
import type { HopDocument } from "../model/network-document.js";
import type { TimeDocument } from "../model/time-document.js";
import { trafficName } from "../model/wiring.js";
import { parseBandwidth } from "../units/bandwidth.js";
import { parseDuration } from "../units/duration.js";
import { parseSize } from "../units/size.js";
import type { Compilation } from "./compile.js";
import type { Scope } from "./scope.js";

/** What calls of one node by another pass. */
export interface CompiledHop {
  readonly latency: TimeDocument;
  /** What sending again costs; undefined where nothing is lost. */
  readonly loss: Distribution | undefined;
  /** Stations that one message after the other holds, and for how long; -1 without a bandwidth. */
  readonly there: Wire;
  readonly back: Wire;
  /** What partitions of the two stop; undefined where there are none. */
  readonly apart: Apart | undefined;
}

const noTime = "0ms";

interface Wire {
  readonly station: number;
  readonly ms: number;
}

const noWire: Wire = { station: -1, ms: 0 };

/** Where messages between two nodes wait while they are apart, and the gate that refuses calls then, or -1. */
export interface Apart {
  readonly firstStation: number;
  readonly gate: number;
  /** Which of the faults part them. */
  readonly faults: readonly number[];
}

/** The hop of a call; undefined where calls take no time and always arrive. */
export function hopOf(compilation: Compilation, scope: Scope, to: string): CompiledHop | undefined {
  const { network, faults } = compilation.document;
  if (network === undefined && faults === undefined) return undefined;
  const from = scope.node?.layout.name ?? trafficName;
  const key = JSON.stringify([from, to]);
  let hop = compilation.hops.get(key);
  if (hop === undefined) compilation.hops.set(key, (hop = planHop(compilation, from, to) ?? null));
  return hop ?? undefined;
}

function planHop(compilation: Compilation, from: string, to: string): CompiledHop | undefined {
  const apart = planApart(compilation, from, to);
  const hop = hopBetween(compilation.document, from, to);
  if (hop === undefined && apart === undefined) return undefined;
  const { latency = noTime, loss = 0, retransmit = "200ms" } = hop ?? {};
  return {
    latency,
    loss: loss > 0 ? lossOf(loss, parseDuration(retransmit)) : undefined,
    there: planWire(compilation, hop, "request"),
    back: planWire(compilation, hop, "response"),
    apart,
  };
}

/** One for the two, however many partitions there are: a message goes on once none is left. */
function planApart(compilation: Compilation, from: string, to: string): Apart | undefined {
  const { document } = compilation;
  const all = document.faults ?? [];
  const faults = [...all.keys()].filter((i) => parts(document, all[i]!, from, to));
  if (faults.length === 0) return undefined;
  const refuses = faults.some((i) => (all[i] as PartitionDocument).requests === "refuse");
  return { firstStation: compilation.quietStation(unlimited), gate: refuses ? compilation.gates++ : -1, faults };
}

/** Whether a fault parts two nodes. */
function parts(document: ModelDocument, fault: FaultDocument, from: string, to: string): boolean {
  if (fault.do !== "partition") return false;
  const [a, b] = fault.between;
  const is = (node: string, place: string): boolean => standsIn(document, node, place);
  return (is(from, a) && is(to, b)) || (is(from, b) && is(to, a));
}

function planWire(compilation: Compilation, hop: HopDocument | undefined, what: "request" | "response"): Wire {
  const size = hop?.[what];
  if (hop?.bandwidth === undefined || size === undefined) return noWire;
  const station = compilation.quietStation(1);
  return { station, ms: parseSize(size) / parseBandwidth(hop.bandwidth) };
}

/** The time that n losses in a row cost, retransmit × (2^n − 1), n geometric; beyond 30 it is as good as never. */
function lossOf(loss: number, retransmit: number): Distribution {
  return {
    kind: "mixture",
    of: Array.from({ length: 30 }, (_, n) => ({
      weight: loss ** n * (1 - loss),
      part: { kind: "constant", value: retransmit * (2 ** n - 1) } as const,
    })),
  };
}

/** Emits a call, with its way there and back where it has one. */
export function emitCall(
  compilation: Compilation,
  to: string,
  { entry, meter }: { readonly entry: Label; readonly meter: number },
  scope: Scope,
): void {
  const { assembler } = compilation;
  const hop = hopOf(compilation, scope, to);
  if (hop === undefined) {
    assembler.emit(opcodes.call, entry, meter, scope.failed);
    return;
  }
  const failed = assembler.label();
  emitThere(compilation, hop, scope);
  assembler.emit(opcodes.call, entry, meter, failed);
  emitBacks(compilation, hop, scope, failed);
}

/** Emits a request that is no load on a wire, with its way there and back where it has one. */
export function emitProbe(compilation: Compilation, to: string, scope: Scope, answer: (scope: Scope) => void): void {
  const hop = hopOf(compilation, scope, to);
  if (hop === undefined) {
    answer(scope);
    return;
  }
  const light = { ...hop, there: noWire, back: noWire };
  const failed = compilation.assembler.label();
  emitThere(compilation, light, scope);
  answer({ ...scope, failed });
  emitBacks(compilation, light, scope, failed);
}

/** Emits the way of a request: refused while the two are apart, it waits there, travels, and waits again where they have come apart meanwhile. */
function emitThere(compilation: Compilation, hop: CompiledHop, scope: Scope): void {
  const { apart } = hop;
  if (apart !== undefined && apart.gate >= 0) compilation.assembler.emit(opcodes.refuse, apart.gate, scope.failed);
  travel(compilation, hop, hop.there, `${scope.path}/there`);
}

/** Emits the way of an answer, and, apart, that of a failure. */
function emitBacks(compilation: Compilation, hop: CompiledHop, scope: Scope, failed: Label): void {
  emitBack(compilation, hop, scope, "back");
  compilation.pending.push(() => {
    compilation.assembler.mark(failed);
    emitBack(compilation, hop, scope, "failed");
    compilation.assembler.emit(opcodes.jump, scope.failed);
  });
}

function emitBack(compilation: Compilation, hop: CompiledHop, scope: Scope, how: string): void {
  travel(compilation, hop, hop.back, `${scope.path}/${how}`);
}

function travel(compilation: Compilation, hop: CompiledHop, { station, ms }: Wire, stream: string): void {
  const { assembler } = compilation;
  const { apart, latency, loss } = hop;
  const pass = (): void => {
    if (apart !== undefined) assembler.emit(opcodes.pass, apart.firstStation * stationStride);
  };
  pass();
  if (station >= 0) {
    // Nobody is ever without room in front of a wire.
    assembler.emit(opcodes.hold, station * stationStride, 0);
    compilation.pause(ms);
    assembler.emit(opcodes.release, station * stationStride);
  }
  if (loss !== undefined) assembler.emit(opcodes.delay, compilation.site(`${stream}/loss`, loss));
  compilation.delay(latency, stream);
  if (station >= 0 || loss !== undefined || latency !== noTime) pass();
}
