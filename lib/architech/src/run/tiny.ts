import { healthTimes } from "../model/balance.js";
import type { ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import type { StepDocument } from "../model/step-document.js";
import type { OpenTrafficDocument } from "../model/traffic-document.js";
import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";
import type { Plan } from "./plan.js";

/** Events that are simulated while a worker thread starts. */
const tinyEvents = 200_000;

/** Whether a run is expected to take less time than starting a worker thread. Only open traffic can tell beforehand. */
export function isTiny({
  model,
  request,
  runs,
  untilMs,
}: Pick<Plan, "model" | "request" | "runs"> & { readonly untilMs: number }): boolean {
  return (
    expectedEvents(model, untilMs) * request.points.length * runs < tinyEvents &&
    request.points.every(({ change }) => change["traffic"] === undefined)
  );
}

function expectedEvents(model: ModelDocument, untilMs: number): number {
  let rate = 0;
  for (const { flow } of flowsOf(model.traffic)) {
    if (!("rate" in flow) || flow.batch !== undefined) return Infinity;
    rate += mostOf(flow.rate);
  }
  const steps = Object.values(model.nodes).reduce(
    (total, node) =>
      total + (node.kind === "service" ? Object.values(node.ops).reduce((sum, op) => sum + count(op), 0) : 2),
    2,
  );
  return rate * untilMs * steps + startsOf(model, untilMs);
}

/** Events of jobs and of health checks. */
function startsOf(model: ModelDocument, untilMs: number): number {
  return Object.values(model.nodes).reduce((total, node) => {
    if (node.kind === "job") return total + (untilMs / parseDuration(node.every)) * (2 + count(node.steps));
    if (node.kind === "gateway" && node.health !== undefined)
      return total + (untilMs / healthTimes(node.health).every) * (1 + 6 * node.to.length);
    return total;
  }, 0);
}

/** Requests a millisecond, at most. */
function mostOf(rate: OpenTrafficDocument["rate"]): number {
  if (typeof rate === "string") return parseRate(rate);
  if ("times" in rate) return Infinity;
  return Math.max(...("points" in rate ? rate.points : rate.states).map((point) => parseRate(point.rate)));
}

function count(steps: readonly StepDocument[]): number {
  return steps.reduce((total, step) => {
    // Nobody knows what it comes to.
    if (step.do === "custom") return Infinity;
    if (step.do === "repeat") return total + step.times * count(step.steps);
    if ("steps" in step) return total + 2 * count(step.steps);
    if (step.do === "parallel") return total + step.branches.reduce((sum, branch) => sum + count(branch), 2);
    if (step.do === "either") return total + step.branches.reduce((sum, branch) => sum + count(branch.steps), 1);
    return total + 2 + (step.do === "call" && step.miss !== undefined ? count(step.miss) : 0);
  }, 0);
}
