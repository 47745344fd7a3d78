import type { NodeDocument } from "../model/node-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { ArrowKind } from "./graph.js";

/** One use of a box by another. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly kind: ArrowKind;
  readonly ops: readonly string[];
}

/** Which other nodes a node uses. */
export function callsOf(id: string, node: NodeDocument): Link[] {
  if (node.kind === "service") return Object.values(node.ops).flatMap((steps) => links(id, steps));
  if (node.kind === "gateway") return node.to.map((to) => ({ from: id, to, kind: "call", ops: node.ops }));
  if (node.kind === "job") return links(id, node.steps);
  if (node.kind === "topic") return node.to.map((to) => ({ from: id, to, kind: "publish", ops: [] }));
  if (node.kind === "queue" && node.deadLetter !== undefined)
    return [{ from: id, to: node.deadLetter, kind: "publish", ops: ["dead letters"] }];
  if (node.kind === "worker") {
    // Drawn the way the messages go.
    const taken: Link = { from: node.takes, to: id, kind: "take", ops: [] };
    return typeof node.work === "object" && Array.isArray(node.work) ? [taken, ...links(id, node.work)] : [taken];
  }
  if (node.kind === "cache" && node.fronts !== undefined)
    return [{ from: id, to: node.fronts, kind: "miss", ops: "write" in node ? ["read", "write"] : ["read"] }];
  return [];
}

function links(from: string, steps: readonly StepDocument[]): Link[] {
  return steps.flatMap((step): Link[] => {
    switch (step.do) {
      case "call":
        return [{ from, to: step.to, kind: "call", ops: [step.op] }, ...links(from, step.miss ?? [])];
      case "publish":
        return [{ from, to: step.to, kind: "publish", ops: [] }];
      case "parallel":
        return step.branches.flatMap((branch) => links(from, branch));
      case "either":
        return step.branches.flatMap((branch) => links(from, branch.steps));
      case "guard":
        return [{ from, to: step.by, kind: "call", ops: ["guard"] }, ...links(from, step.steps)];
      case "retry": {
        const budget = step.budget;
        const asked: Link[] = budget === undefined ? [] : [{ from, to: budget, kind: "call", ops: ["withdraw"] }];
        return [...asked, ...links(from, step.steps)];
      }
      case "custom":
        return Object.values(step.steps ?? {}).flatMap((steps) => links(from, steps));
      case "repeat":
      case "timeout":
      case "hedge":
        return links(from, step.steps);
      default:
        return [];
    }
  });
}
