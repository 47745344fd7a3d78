import { recordStride, type ScaledPlan } from "../engine/program.js";
import type { Balance, ServiceDocument, WorkerDocument } from "../model/document.js";
import type { ScaleDocument } from "../model/scale-document.js";
import { mostReplicas, readsCpu } from "../model/scale-format.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import { distributionOf } from "./distribution.js";

/** A node that scales, on its way into the tables. */
export interface CompiledScale {
  readonly name: string;
  readonly scale: ScaleDocument;
  /** Its place among the nodes that scale. */
  readonly index: number;
  readonly plan: ScaledPlan;
  /** Cores of one replica; NaN without a limit. */
  readonly cores: number;
  /** Queue that a worker takes from. */
  readonly takes: string | undefined;
  /** From a replica's creation to its first request: a sampling site, or (with -1) always the same. */
  readonly startupSite: number;
  readonly startupMs: number;
}

/** Replicas that stand in their places: those that only finish what they hold may be as many again. */
export function placesOf(scale: ScaleDocument): number {
  return 2 * mostReplicas(scale);
}

/** Gives a node that scales its place in the tables; its stations are laid already. */
export function planScale(
  compilation: Compilation,
  name: string,
  document: ServiceDocument | WorkerDocument,
  settings: Pick<ScaledPlan, "firstStation" | "lobby" | "queue" | "worker"> & { readonly cores: number },
): CompiledScale {
  const scale = document.scale!;
  const places = placesOf(scale);
  const { cores, ...stations } = settings;
  const plan: ScaledPlan = {
    ...stations,
    places,
    initial: document.replicas ?? initialOf(scale),
    present: compilation.gauges++,
    working: compilation.gauges++,
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
    cores,
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
export function balanceNumber(balance: Balance): 0 | 1 | 2 | 3 {
  if (typeof balance === "object") return 3;
  return balance === "round-robin" ? 0 : balance === "random" ? 1 : 2;
}

function initialOf(scale: ScaleDocument): number {
  if (scale.by === "hpa") return scale.min ?? 1;
  if (scale.by === "keda") return scale.idle ?? scale.min ?? 0;
  const first = scale.steps[0]!;
  return parseDuration(first.at) > 0 && scale.repeat !== undefined ? scale.steps.at(-1)!.replicas : first.replicas;
}
