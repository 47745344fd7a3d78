import type { ModelDocument } from "../model/document.js";
import type { StepDocument } from "../model/step-document.js";
import { handedOn } from "../model/walk.js";

/** The operations that some node of the model calls, as "node/op". */
export function calledOps(document: ModelDocument): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (steps: readonly StepDocument[]): void => {
    for (const step of steps) {
      if (step.do === "call") {
        found.add(`${step.to}/${step.op}`);
        visit(step.miss ?? []);
      } else if (step.do === "parallel") step.branches.forEach(visit);
      else if (step.do === "either") for (const branch of step.branches) visit(branch.steps);
      else if ("steps" in step) visit(step.steps);
    }
  };
  for (const node of Object.values(document.nodes)) {
    if (node.kind === "service") Object.values(node.ops).forEach(visit);
    else if (node.kind === "gateway") for (const op of node.ops) visit(handedOn(node.to, op));
    else if (node.kind === "job") visit(node.steps);
    else if (node.kind === "worker" && Array.isArray(node.work)) visit(node.work as readonly StepDocument[]);
  }
  return found;
}
