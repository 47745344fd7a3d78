import type { BalancerPlan, CandidatePlan } from "../engine/balancer-plan.js";
import { balancerStride } from "../engine/core/balancer-places.js";
import { mix } from "../engine/core/hashing.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { goesByKey } from "../model/balance.js";
import type { BalanceBy, BalanceDocument, BalancingDocument } from "../model/balance-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";

const numbers = { "round-robin": 0, random: 1, "least-connections": 2, idle: 3, ewma: 4, ring: 5, first: 6 } as const;

/** Ways to balance that need no balancer: the engine has instructions for them, which know nothing of earlier requests. */
export type PlainBalance = "round-robin" | "random" | "least-connections" | { readonly choices: number };

export function isPlain(balance: BalanceDocument): balance is PlainBalance {
  if (typeof balance === "string") return ["round-robin", "random", "least-connections"].includes(balance);
  return Object.keys(balance).every((name) => name === "choices");
}

/** The same with all that a load balancer can be told. */
function inFull(balance: BalanceDocument): BalancingDocument & { readonly by: BalanceBy } {
  return typeof balance === "string" ? { by: balance } : { by: "least-connections", ...balance };
}

/** Gives a balancer its place; `stream` names its draws. */
export function planBalancer(
  compilation: Compilation,
  balance: BalanceDocument,
  stream: string,
  candidates: readonly Omit<CandidatePlan, "weight">[],
  more: Partial<Pick<BalancerPlan, "nearest" | "ejections" | "down" | "up">> = {},
): BalancerPlan {
  const { by, choices, weights, points = 160, ejection, sticky, ...times } = inFull(balance);
  const ms = (text: string | undefined, otherwise: string): number => parseDuration(text ?? otherwise);
  compilation.wide ||= goesByKey(balance);
  const draws = by === "random" || by === "idle" || choices !== undefined;
  return {
    by: numbers[by],
    candidates: candidates.map((candidate, i) => ({ ...candidate, weight: weights?.[i] ?? 1 })),
    site: draws ? compilation.site(stream, uniform) : -1,
    choices: choices ?? 0,
    ring: by === "ring" ? ringOf(candidates.map((_, i) => Math.max(1, Math.round(points * (weights?.[i] ?? 1))))) : [],
    keys: sticky === undefined ? 0 : 4096,
    nearest: false,
    ejections: -1,
    failures: ejection === undefined ? 0 : (ejection.failures ?? 5),
    down: 0,
    up: 0,
    stale: ms(times.stale, "0ms"),
    decay: ms(times.decay, "10s"),
    bound: times.bound ?? Number.POSITIVE_INFINITY,
    ejectedFor: ms(ejection?.for, "30s"),
    most: ejection?.most ?? 0.1,
    slowStart: ms(times.slowStart, "0ms"),
    sticky: ms(sticky, "0ms"),
    ...more,
  };
}

/** So many points of each candidate, in the order of their hashes. */
function ringOf(points: readonly number[]): BalancerPlan["ring"] {
  const all = points.flatMap((count, candidate) =>
    Array.from({ length: count }, (_, point) => ({ hash: mix(mix(candidate + 1) + point), candidate })),
  );
  return all.sort((a, b) => a.hash - b.hash || a.candidate - b.candidate);
}

/** Says that a request which a balancer has sent somewhere is over: 1 well, 2 failed. */
export function compileAnswered(compilation: Compilation, node: CompiledNode, how: 1 | 2): void {
  if (node.balancer < 0) return;
  const chosen = node.document.kind === "gateway" ? 1 : 0;
  compilation.assembler.emit(opcodes.answered, balancerPlace(node), how, chosen);
}

/** The offset by which instructions name a node's balancer. */
export function balancerPlace({ balancer }: CompiledNode): number {
  return balancer * balancerStride;
}
