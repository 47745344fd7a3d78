import type { ModelDocument } from "./document.js";
import type { Path } from "./shape.js";
import type { StepDocument } from "./step-document.js";

interface Block {
  readonly at: Path;
  readonly steps: readonly StepDocument[];
}

const none: readonly Block[] = [];

/** The sequences of steps inside a step, each with where it stands in the step. */
function blocksOf(step: StepDocument): readonly Block[] {
  switch (step.do) {
    case "parallel":
      return step.branches.map((steps, i) => ({ at: ["branches", i], steps }));
    case "either":
      return step.branches.map(({ steps }, i) => ({ at: ["branches", i, "steps"], steps }));
    case "call":
      return step.miss === undefined ? none : [{ at: ["miss"], steps: step.miss }];
    case "repeat":
    case "retry":
    case "timeout":
    case "hedge":
    case "guard":
      return [{ at: ["steps"], steps: step.steps }];
    case "custom":
      return Object.entries(step.steps ?? {}).map(([name, steps]) => ({ at: ["steps", name], steps }));
    default:
      return none;
  }
}

/** Calls `visit` with every step of a sequence and of the sequences inside, outer steps first. */
export function visitSteps(steps: readonly StepDocument[], visit: (step: StepDocument) => void): void {
  for (const step of steps) {
    visit(step);
    for (const block of blocksOf(step)) visitSteps(block.steps, visit);
  }
}

/** The same with where each step stands, for who complains of one. */
export function walkSteps(
  steps: readonly StepDocument[],
  path: Path,
  visit: (step: StepDocument, path: Path) => void,
): void {
  for (const [i, step] of steps.entries()) {
    const at = [...path, i];
    visit(step, at);
    for (const block of blocksOf(step)) walkSteps(block.steps, [...at, ...block.at], visit);
  }
}

/** What an operation of a gateway comes to: a call of one of its services. */
export function handedOn(to: readonly string[], op: string): readonly StepDocument[] {
  return [{ do: "either", branches: to.map((target) => ({ weight: 1, steps: [{ do: "call", to: target, op }] })) }];
}

/** Every sequence that a node starts with: the operations of its services and gateways, the work of its workers, the steps of its jobs. */
export function sequencesOf(document: ModelDocument): readonly {
  readonly node: string;
  readonly op: string;
  readonly path: Path;
  readonly steps: readonly StepDocument[];
}[] {
  const sequences = [];
  for (const [node, settings] of Object.entries(document.nodes)) {
    if ("to" in settings && "ops" in settings)
      for (const op of settings.ops)
        sequences.push({ node, op, path: ["nodes", node, "to"], steps: handedOn(settings.to, op) });
    else if ("ops" in settings)
      for (const [op, steps] of Object.entries(settings.ops))
        sequences.push({ node, op, path: ["nodes", node, "ops", op], steps });
    else if ("steps" in settings)
      sequences.push({ node, op: "steps", path: ["nodes", node, "steps"], steps: settings.steps });
    else if ("work" in settings && Array.isArray(settings.work))
      sequences.push({
        node,
        op: "work",
        path: ["nodes", node, "work"],
        steps: settings.work as readonly StepDocument[],
      });
  }
  return sequences;
}
