import type { ModelDocument, StepDocument } from "../model/document.js";
import { parseRate } from "../units/rate.js";
import type { Plan } from "./plan.js";

/** Events that are simulated while a worker thread starts. */
const tinyEvents = 200_000;

/** Whether a run is expected to take less time than starting a worker thread. Only open traffic can tell beforehand. */
export function isTiny({ model, options, request, runs }: Plan): boolean {
  return (
    expectedEvents(model, options.untilMs) * request.points.length * runs < tinyEvents &&
    request.points.every(({ change }) => change["traffic"] === undefined)
  );
}

function expectedEvents(model: ModelDocument, untilMs: number): number {
  if (!("rate" in model.traffic)) return Infinity;
  const { rate: given } = model.traffic;
  const rate =
    typeof given === "string" ? parseRate(given) : Math.max(...given.points.map((point) => parseRate(point.rate)));
  const steps = Object.values(model.nodes).reduce(
    (total, node) => total + ("ops" in node ? Object.values(node.ops).reduce((sum, op) => sum + count(op), 0) : 2),
    2,
  );
  return rate * untilMs * steps;
}

function count(steps: readonly StepDocument[]): number {
  return steps.reduce((total, step) => {
    if (step.do === "repeat") return total + step.times * count(step.steps);
    if ("steps" in step) return total + 2 * count(step.steps);
    if (step.do === "parallel") return total + step.branches.reduce((sum, branch) => sum + count(branch), 2);
    if (step.do === "either") return total + step.branches.reduce((sum, branch) => sum + count(branch.steps), 1);
    return total + 2 + (step.do === "call" && step.miss !== undefined ? count(step.miss) : 0);
  }, 0);
}
