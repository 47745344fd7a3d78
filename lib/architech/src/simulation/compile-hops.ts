import type { Label } from "../engine/assembler.js";
import type { Distribution } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { stationStride, unlimited } from "../engine/station-plan.js";
import type { ModelDocument } from "../model/document.js";
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
  /** Where calls wait, or fail, while the two are apart. */
  readonly apart: readonly Apart[];
}

interface Wire {
  readonly station: number;
  readonly ms: number;
}

/** A partition: a station that calls pass, and a gate that refuses them, or -1. */
export interface Apart {
  readonly firstStation: number;
  readonly gate: number;
}

/** Plans what a partition stops; undefined for other faults. */
export function planPartitions(compilation: Compilation): readonly (Apart | undefined)[] {
  return (compilation.document.faults ?? []).map((fault) => {
    if (fault.do !== "partition") return undefined;
    return {
      firstStation: compilation.quietStation(unlimited),
      gate: fault.requests === "refuse" ? compilation.gates++ : -1,
    };
  });
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
  const { document } = compilation;
  const apart = compilation.partitions.filter(
    (plan, i): plan is Apart => plan !== undefined && parts(document, i, from, to),
  );
  const hop = hopBetween(document, from, to);
  if (hop === undefined && apart.length === 0) return undefined;
  const { latency = "0ms", loss = 0, retransmit = "200ms" } = hop ?? {};
  return {
    latency,
    loss: loss > 0 ? lossOf(loss, parseDuration(retransmit)) : undefined,
    there: planWire(compilation, hop, "request"),
    back: planWire(compilation, hop, "response"),
    apart,
  };
}

/** Whether a fault parts two nodes. */
function parts(document: ModelDocument, fault: number, from: string, to: string): boolean {
  const partition = document.faults![fault]!;
  if (partition.do !== "partition") return false;
  const [a, b] = partition.between;
  const is = (node: string, place: string): boolean => standsIn(document, node, place);
  return (is(from, a) && is(to, b)) || (is(from, b) && is(to, a));
}

function planWire(compilation: Compilation, hop: HopDocument | undefined, what: "request" | "response"): Wire {
  const size = hop?.[what];
  if (hop?.bandwidth === undefined || size === undefined) return { station: -1, ms: 0 };
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
  emitBack(compilation, hop, scope, "back");
  compilation.pending.push(() => {
    assembler.mark(failed);
    emitBack(compilation, hop, scope, "failed");
    assembler.emit(opcodes.jump, scope.failed);
  });
}

/** Emits the way of a request: waits or fails while the two are apart, then travels. */
function emitThere(compilation: Compilation, hop: CompiledHop, scope: Scope): void {
  const { assembler } = compilation;
  for (const { firstStation, gate } of hop.apart) {
    if (gate >= 0) assembler.emit(opcodes.refuse, gate, scope.failed);
    assembler.emit(opcodes.pass, firstStation * stationStride);
  }
  travel(compilation, hop, hop.there, `${scope.path}/there`);
}

/** Emits the way of an answer. */
function emitBack(compilation: Compilation, hop: CompiledHop, scope: Scope, how: string): void {
  for (const { firstStation } of hop.apart) compilation.assembler.emit(opcodes.pass, firstStation * stationStride);
  travel(compilation, hop, hop.back, `${scope.path}/${how}`);
}

function travel(compilation: Compilation, { latency, loss }: CompiledHop, { station, ms }: Wire, stream: string): void {
  const { assembler } = compilation;
  if (station >= 0) {
    // Nobody is ever without room in front of a wire.
    assembler.emit(opcodes.hold, station * stationStride, 0);
    compilation.pause(ms);
    assembler.emit(opcodes.release, station * stationStride);
  }
  if (loss !== undefined) assembler.emit(opcodes.delay, compilation.site(`${stream}/loss`, loss));
  compilation.delay(latency, stream);
}
