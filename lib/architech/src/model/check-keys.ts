import { quoted } from "../units/amount.js";
import { fail } from "./check.js";
import type { ModelDocument, NodeDocument, StepDocument } from "./document.js";
import { flowsOf } from "./flows.js";
import { usesOf } from "./reach.js";
import type { Path } from "./shape.js";
import { sequencesOf, walkSteps } from "./walk.js";

/** Why a node has to know which key a request is for; undefined where it does not. */
function reasonForKeys(node: NodeDocument): string | undefined {
  if (node.kind === "cache" && "entries" in node) return "keeps entries by key";
  if (node.kind !== "database") return undefined;
  if ((node.shards?.count ?? 1) > 1) return "has shards";
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
          `is missing: ${quoted(node)} ${reason}, so requests need keys, as in keys: { count: 1000, skew: 0.9 }`,
        );
    }
  }
  for (const { steps, path } of sequencesOf(document))
    walkSteps(steps, path, (step, at) => checkLoad(document, step, at));
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
