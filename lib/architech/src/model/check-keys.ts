import { quoted } from "../units/amount.js";
import { goesByKey } from "./balance.js";
import { fail } from "./check.js";
import type { ModelDocument } from "./document.js";
import { flowsOf } from "./flows.js";
import type { NodeDocument } from "./node-document.js";
import { usesOf } from "./reach.js";
import { mostShards } from "./resharding.js";
import type { Path } from "./shape.js";
import type { StepDocument } from "./step-document.js";
import { sequencesOf, walkSteps } from "./walk.js";

/** Why a node has to know which key a request is for; undefined where it does not. */
function reasonForKeys(node: NodeDocument): string | undefined {
  if ((node.kind === "service" || node.kind === "gateway") && goesByKey(node.balance)) return "balances by key";
  if (node.kind === "cache" && "entries" in node) return "keeps entries by key";
  if (node.kind !== "database") return undefined;
  if (mostShards(node.shards) > 1) return "has shards";
  return node.replicas?.readYourWrites === true ? "looks who has the last write of a key" : undefined;
}

/** Throws unless every request that comes to a node which goes by keys has one, and no load of a key waits for itself. */
export function checkKeys(document: ModelDocument): void {
  const keyed = Object.values(document.nodes).some((node) => reasonForKeys(node) !== undefined);
  if (!keyed) return;
  for (const { name, flow } of flowsOf(document.traffic)) {
    if (flow.keys !== undefined) continue;
    const calls = Object.keys(flow.mix).map((op): StepDocument => ({ do: "call", to: flow.to, op }));
    for (const { node } of usesOf(document, calls, true)) {
      const reason = reasonForKeys(document.nodes[node]!);
      if (reason !== undefined)
        fail(
          "model-invalid",
          name === undefined ? ["traffic", "keys"] : ["traffic", "classes", name, "keys"],
          missing(node, reason, "requests need keys"),
        );
    }
  }
  for (const [name, node] of Object.entries(document.nodes)) {
    if (node.kind !== "job" || node.keys !== undefined) continue;
    for (const use of usesOf(document, node.steps, true)) {
      const reason = reasonForKeys(document.nodes[use.node]!);
      if (reason !== undefined)
        fail("model-invalid", ["nodes", name, "keys"], missing(use.node, reason, "the job's starts need keys"));
    }
  }
  for (const { steps, path } of sequencesOf(document))
    walkSteps(steps, path, (step, at) => checkLoad(document, step, at));
}

function missing(node: string, reason: string, need: string): string {
  return `is missing: ${quoted(node)} ${reason}, so ${need}, as in keys: { count: 1000, skew: 0.9 }`;
}

/** A load on behalf of all who miss must not miss the same key on its way: it would wait for itself. */
function checkLoad(document: ModelDocument, step: StepDocument, path: Path): void {
  if (step.do !== "call" || step.miss === undefined) return;
  const cache = document.nodes[step.to];
  if (cache?.kind !== "cache" || !("entries" in cache) || cache.singleFlight !== true) return;
  if (usesOf(document, step.miss, false).some(({ node, op }) => node === step.to && op === "get"))
    fail(
      "model-invalid",
      [...path, "miss"],
      `gets from ${quoted(step.to)} again, whose gets wait for the load of their key: it would wait for itself`,
    );
}
