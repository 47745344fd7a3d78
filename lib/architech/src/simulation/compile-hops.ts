import type { Label } from "../engine/assembler.js";
import type { Distribution } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { stationStride, unlimited } from "../engine/program.js";
import type { HopDocument, ModelDocument, TimeDocument } from "../model/document.js";
import { hopBetween, standsIn } from "../model/network.js";
import { trafficName } from "../model/wiring.js";
import { parseBandwidth } from "../units/bandwidth.js";
import { parseDuration } from "../units/duration.js";
import { parseSize } from "../units/size.js";
import type { Compilation } from "./compile.js";
import { distributionOf } from "./distribution.js";
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
    (plan, i): plan is Apart => plan !== undefined && areParted(document, i, from, to),
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
export function areParted(document: ModelDocument, fault: number, from: string, to: string): boolean {
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
  const { cut } = compilation;
  const part = cut?.partOf(to) ?? 0;
  if (cut !== undefined && part !== cut.partOf(scope.node?.layout.name ?? compilation.owner)) {
    emitSending(compilation, hop, { entry, meter }, scope, part);
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

/**
 * Emits a call into another part. What comes between the two sendings happens there: the call, and what an answer meets
 * before it travels.
 */
function emitSending(
  compilation: Compilation,
  hop: CompiledHop,
  { entry, meter }: { readonly entry: Label; readonly meter: number },
  scope: Scope,
  part: number,
): void {
  const { assembler } = compilation;
  const [refused, failed, done] = [assembler.label(), assembler.label(), assembler.label()];
  const send = (code: number, way: string, ...rest: readonly (number | Label)[]): void => {
    const from = distributionOf(hop.latency);
    const stream = `${scope.path}/${way}`;
    if (from.kind === "constant") assembler.emit(code, assembler.constant(from.value), -1, ...rest);
    else assembler.emit(code, -1, compilation.site(stream, from), ...rest);
  };
  const answer = (way: string, to: Label): void => {
    emitApart(compilation, hop);
    setOut(compilation, hop, hop.back, `${scope.path}/${way}`);
    send(opcodes.answer, way, to);
    assembler.emit(opcodes.quit);
  };
  emitRefusals(compilation, hop, scope);
  setOut(compilation, hop, hop.there, `${scope.path}/there`);
  send(opcodes.send, "there", part);
  assembler.emit(opcodes.arrive);
  assembler.emit(opcodes.call, entry, meter, refused);
  answer("back", done);
  assembler.mark(refused);
  answer("failed", failed);
  assembler.mark(done);
  assembler.emit(opcodes.arrive);
  compilation.pending.push(() => {
    assembler.mark(failed);
    assembler.emit(opcodes.arrive);
    assembler.emit(opcodes.jump, scope.failed);
  });
}

/** Emits the way of a request: waits or fails while the two are apart, then travels. */
function emitThere(compilation: Compilation, hop: CompiledHop, scope: Scope): void {
  emitRefusals(compilation, hop, scope);
  travel(compilation, hop, hop.there, `${scope.path}/there`);
}

/** Emits the way of an answer. */
function emitBack(compilation: Compilation, hop: CompiledHop, scope: Scope, how: string): void {
  emitApart(compilation, hop);
  travel(compilation, hop, hop.back, `${scope.path}/${how}`);
}

/** Emits what a request meets while the two are apart: it fails, or waits. */
function emitRefusals({ assembler }: Compilation, { apart }: CompiledHop, { failed }: Scope): void {
  for (const { firstStation, gate } of apart) {
    if (gate >= 0) assembler.emit(opcodes.refuse, gate, failed);
    assembler.emit(opcodes.pass, firstStation * stationStride);
  }
}

/** Emits what an answer meets while the two are apart: it waits. */
function emitApart({ assembler }: Compilation, { apart }: CompiledHop): void {
  for (const { firstStation } of apart) assembler.emit(opcodes.pass, firstStation * stationStride);
}

function travel(compilation: Compilation, hop: CompiledHop, wire: Wire, stream: string): void {
  setOut(compilation, hop, wire, stream);
  compilation.delay(hop.latency, stream);
}

/** Emits what comes before the latency: the wire, and what is lost. */
function setOut(compilation: Compilation, { loss }: CompiledHop, { station, ms }: Wire, stream: string): void {
  const { assembler } = compilation;
  if (station >= 0) {
    // Nobody is ever without room in front of a wire.
    assembler.emit(opcodes.hold, station * stationStride, 0);
    compilation.pause(ms);
    assembler.emit(opcodes.release, station * stationStride);
  }
  if (loss !== undefined) assembler.emit(opcodes.delay, compilation.site(`${stream}/loss`, loss));
}
