import type { Label } from "../engine/assembler.js";
import { copiesStride } from "../engine/copies-plan.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { stationStride } from "../engine/station-plan.js";
import type { Compilation } from "./compile.js";
import { balancerPlace, isPlain, type PlainBalance } from "./compile-balance.js";
import { looksAtVersions } from "./compile-database.js";
import { compileWake } from "./compile-resting.js";
import { balanceNumber, type CompiledScale, countsBusy, recordOf } from "./compile-scale.js";
import type { CompiledNode, CompiledOp } from "./compiled-node.js";
import type { Scope } from "./scope.js";

/**
 * Chooses a replica and takes one of its threads. What the first step takes is drawn on arrival, before any waiting:
 * the order of service does not change who gets which draw.
 */
export function compileEntrance(
  compilation: Compilation,
  node: CompiledNode,
  name: string,
  op: CompiledOp,
  scope: Scope,
  rejected: Label,
): Scope {
  const { assembler } = compilation;
  const first = op.steps[0];
  const from = first?.do === "cpu" || first?.do === "wait" ? compilation.distribution(first.time) : undefined;
  const site = from === undefined || from.kind === "constant" ? -1 : compilation.site(`${scope.path}/0`, from);
  const looks = name === "read" && looksAtVersions(node);
  const station = emitRoute(compilation, node, name, scope.path);
  // To wait and to take that time in one: only where nothing lies between the two.
  const plain =
    !compilation.cancels &&
    !looks &&
    node.slow < 0 &&
    !node.pauses &&
    node.resting < 0 &&
    (first?.do === "wait" || (node.coreOffset === 0 && node.layout.busyCores < 0 && !countsBusy(node)));
  const line = "queue" in node.document ? node.document.queue : undefined;
  if (site >= 0 && plain) assembler.emit(opcodes.enter, site, station, rejected);
  else {
    if (site >= 0) assembler.emit(opcodes.draw, site);
    else if (line?.order === "sjf")
      assembler.emit(opcodes.expect, assembler.constant(from?.kind === "constant" ? from.value : 0));
    if (station >= 0) assembler.emit(opcodes.acquire, station, rejected);
    else assembler.emit(opcodes.acquireRouted, 0, rejected);
  }
  compileWake(compilation, node, scope.path);
  if (looks) assembler.emit(opcodes.version, node.copies * copiesStride, 0);
  return site >= 0 ? { ...scope, drawn: true } : scope;
}

/** What queries a database has, as `locate` knows them. */
const queries: readonly string[] = ["read", "write", "copy-out", "copy-in"];

/** Chooses a replica: its station, or -1 when that is known only as the request arrives. */
function emitRoute(compilation: Compilation, node: CompiledNode, name: string, path: string): number {
  const { assembler } = compilation;
  if (node.copies >= 0) {
    assembler.emit(opcodes.locate, node.copies * copiesStride, queries.indexOf(name));
    return -1;
  }
  const first = node.firstStation * stationStride;
  const count = node.threadStations;
  if (count === 1) return first;
  if (node.balancer >= 0) {
    const lobby = node.scaled?.plan.lobby ?? 0;
    assembler.emit(opcodes.balance, balancerPlace(node), lobby * stationStride);
    return -1;
  }
  if (node.scaled !== undefined) return emitRouteReady(compilation, node, node.scaled, path);
  const balance = plainBalanceOf(node);
  const stream = `${path}/balance`;
  if (balance === "random") assembler.emit(opcodes.routeRandom, first, count, compilation.site(stream, uniform));
  else if (typeof balance === "object")
    assembler.emit(
      opcodes.routeChoices,
      first,
      count,
      Math.min(balance.choices, count, 4096),
      compilation.site(stream, uniform),
    );
  else {
    const code = balance === "round-robin" ? opcodes.routeRoundRobin : opcodes.routeLeast;
    assembler.emit(code, first, count, node.rotation);
  }
  return -1;
}

/** Chooses among the replicas that are ready. */
function emitRouteReady(compilation: Compilation, node: CompiledNode, scaled: CompiledScale, path: string): number {
  const balance = plainBalanceOf(node);
  const number = balanceNumber(balance);
  const drawn = number === 1 || number === 3;
  const by = drawn ? compilation.site(`${path}/balance`, uniform) : node.rotation;
  const choices = typeof balance === "object" ? Math.min(balance.choices, 4096) : 0;
  compilation.assembler.emit(opcodes.routeReady, recordOf(scaled), number, by, choices);
  return -1;
}

/** How replicas take turns where no balancer chooses. */
function plainBalanceOf({ document }: CompiledNode): PlainBalance {
  const balance = document.kind === "service" ? document.balance : undefined;
  return balance !== undefined && isPlain(balance) ? balance : "round-robin";
}
