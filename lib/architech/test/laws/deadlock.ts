import type { ModelDocument } from "#src/model/document.js";
import type { StepDocument } from "#src/model/step-document.js";

/** Whether who holds a permit of a semaphore may wait for another one of it: enough of them wait for each other for ever. */
export function mayDeadlock(model: ModelDocument): boolean {
  const holding = (steps: readonly StepDocument[], held: readonly string[], within: readonly string[]): boolean =>
    steps.some((step) => {
      if (step.do === "guard") {
        const semaphore = model.nodes[step.by]!.kind === "semaphore";
        if (semaphore && held.includes(step.by)) return true;
        return holding(step.steps, semaphore ? [...held, step.by] : held, within);
      }
      if (step.do === "call") {
        if (step.miss !== undefined && holding(step.miss, held, within)) return true;
        const node = model.nodes[step.to]!;
        const name = `${step.to}.${step.op}`;
        if (within.includes(name)) return false;
        if (node.kind === "gateway") return node.to.some((to) => holding([{ ...step, to }], held, [...within, name]));
        return node.kind === "service" && holding(node.ops[step.op]!, held, [...within, name]);
      }
      if ("branches" in step)
        return step.branches.some((branch) => holding("steps" in branch ? branch.steps : branch, held, within));
      if (step.do === "custom") return Object.values(step.steps ?? {}).some((steps) => holding(steps, held, within));
      return "steps" in step && holding(step.steps, held, within);
    });
  return Object.values(model.nodes).some((node) => {
    if (node.kind === "service") return Object.values(node.ops).some((steps) => holding(steps, [], []));
    if (node.kind === "job") return holding(node.steps, [], []);
    return node.kind === "worker" && Array.isArray(node.work) && holding(node.work as readonly StepDocument[], [], []);
  });
}
