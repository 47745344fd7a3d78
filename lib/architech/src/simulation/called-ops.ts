import type { ModelDocument } from "../model/document.js";
import { sequencesOf, walkSteps } from "../model/walk.js";

/** The operations that some node of the model calls, as "node/op". */
export function calledOps(document: ModelDocument): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { steps, path } of sequencesOf(document))
    walkSteps(steps, path, (step) => {
      if (step.do === "call") found.add(`${step.to}/${step.op}`);
    });
  return found;
}
