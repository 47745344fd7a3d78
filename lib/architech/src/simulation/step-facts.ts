import type { ModelDocument } from "../model/document.js";
import { sequencesOf, visitSteps } from "../model/walk.js";

/** What must be known of all steps before the first is compiled. */
export interface StepFacts {
  /** Whether some step takes back what it has started. */
  readonly cancels: boolean;
  /** Whether a function decides one. */
  readonly asks: boolean;
  /** The operations that some node calls, as "node/op". */
  readonly called: ReadonlySet<string>;
}

export function stepFacts(document: ModelDocument): StepFacts {
  const called = new Set<string>();
  let cancels = false;
  let asks = false;
  for (const { steps } of sequencesOf(document))
    visitSteps(steps, (step) => {
      if (step.do === "call") called.add(`${step.to}/${step.op}`);
      else if (step.do === "timeout" || step.do === "hedge") cancels ||= step.cancel === true;
      else asks ||= step.do === "custom";
    });
  return { cancels, asks, called };
}
