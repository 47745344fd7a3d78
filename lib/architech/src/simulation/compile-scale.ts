import { opcodes } from "../engine/opcodes.js";
import { recordStride, type ScaledPlan } from "../engine/scaled-plan.js";
import { mostReplicas, readsCpu } from "../model/format-scale.js";
import type { WorkerDocument } from "../model/messaging-document.js";
import type { ScaleDocument } from "../model/scale-document.js";
import type { ServiceDocument } from "../model/service-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { PlainBalance } from "./compile-balance.js";
import type { CompiledNode } from "./compiled-node.js";
import { distributionOf } from "./distribution.js";

/** All but where messages are taken from, which is known when all nodes are. */
type OwnPlan = Omit<ScaledPlan, "queue" | "channel">;

/** A node that scales, on its way into the tables. */
export interface CompiledScale {
  readonly name: string;
  readonly scale: ScaleDocument;
  /** Its place among the nodes that scale. */
  readonly index: number;
  readonly plan: OwnPlan;
  /** Whether cores follow threads, as they do where nobody says how many there are. */
  readonly coresAsThreads: boolean;
  /** Queue that a worker takes from. */
  readonly takes: string | undefined;
  /** From a replica's creation to its first request: a sampling site, or (with -1) always the same. */
  readonly startupSite: number;
  readonly startupMs: number;
}

/** Replicas that stand in their places: those that only finish what they hold may be as many again. */
export function placesOf(document: ServiceDocument | WorkerDocument): number {
  return 2 * mostReplicas(document);
}

/** Gives a node that scales its place in the tables; its stations are laid already. */
export function planScale(
  compilation: Compilation,
  name: string,
  document: ServiceDocument | WorkerDocument,
  settings: Pick<OwnPlan, "firstStation" | "lobby" | "worker" | "threads" | "cores" | "coreOffset">,
): CompiledScale {
  const scale = document.scale!;
  const places = placesOf(document);
  const plan: OwnPlan = {
    ...settings,
    places,
    initial: document.replicas ?? initialOf(scale),
    present: compilation.gauges++,
    presentCores: compilation.gauges++,
    workingThreads: compilation.gauges++,
    workingCores: compilation.gauges++,
    ended: compilation.counters,
    busy: readsCpu(scale) ? compilation.gauges : -1,
  };
  compilation.counters += places;
  if (plan.busy >= 0) compilation.gauges += places;
  const startup = scale.startup === undefined ? undefined : distributionOf(scale.startup);
  const drawn = startup !== undefined && startup.kind !== "constant";
  const compiled: CompiledScale = {
    name,
    scale,
    index: compilation.scaled.length,
    plan,
    coresAsThreads: document.kind === "worker" || document.cores === undefined,
    takes: document.kind === "worker" ? document.takes : undefined,
    startupSite: drawn ? compilation.site(`${name}/startup`, startup) : -1,
    startupMs: startup?.kind === "constant" ? startup.value : 0,
  };
  compilation.scaled.push(compiled);
  return compiled;
}

/** The offset by which instructions name a node that scales. */
export function recordOf(scaled: CompiledScale): number {
  return scaled.index * recordStride;
}

/** The number by which `routeReady` knows a way to balance. */
export function balanceNumber(balance: PlainBalance): 0 | 1 | 2 | 3 {
  if (typeof balance === "object") return 3;
  return balance === "round-robin" ? 0 : balance === "random" ? 1 : 2;
}

function initialOf(scale: ScaleDocument): number {
  if (scale.by === "hpa") return scale.min ?? 1;
  if (scale.by === "keda") return scale.idle ?? scale.min ?? 0;
  // A round that begins later goes on with the last step of the one before.
  const { steps, repeat } = scale;
  const from = parseDuration(steps[0]!.at) > 0 && repeat !== undefined ? [...steps].reverse() : steps;
  return from.find(({ replicas }) => replicas !== undefined)?.replicas ?? 1;
}

/** Whether a way to scale changes the size of replicas. */
export function resizes(scale: ScaleDocument | undefined): boolean {
  return (
    scale?.by === "schedule" && scale.steps.some(({ threads, cores }) => threads !== undefined || cores !== undefined)
  );
}

/** Whether busy cores of single replicas are counted. */
export function countsBusy({ scaled }: CompiledNode): boolean {
  return scaled !== undefined && scaled.plan.busy >= 0;
}

/** Goes out of a replica, where they come and go. A worker's thread is a core, busy from start to end. */
export function compileLeave(compilation: Compilation, node: CompiledNode): void {
  if (node.scaled === undefined) return;
  if (node.document.kind === "worker" && countsBusy(node)) compilation.assembler.emit(opcodes.replicaEnd);
  compilation.assembler.emit(opcodes.leave);
}
