import type { ModelDocument } from "./document.js";
import type { StepDocument } from "./step-document.js";
import { handedOn, visitSteps } from "./walk.js";

/** An operation of a node: for workers "work", for others what is called. */
export interface Use {
  readonly node: string;
  readonly op: string;
}

/**
 * Every operation that these steps come to, through calls, and with `published` through queues too. A cache's get comes
 * to the read of what it fronts, and its put to the write.
 */
export function usesOf(document: ModelDocument, steps: readonly StepDocument[], published: boolean): readonly Use[] {
  const found = new Map<string, Use>();
  const left: (readonly StepDocument[])[] = [steps];
  const use = (node: string, op: string): void => {
    const key = `${node}/${op}`;
    if (found.has(key)) return;
    found.set(key, { node, op });
    const settings = document.nodes[node];
    if (settings?.kind === "service") left.push(settings.ops[op] ?? []);
    if (settings?.kind === "gateway") left.push(handedOn(settings.to, op));
    if (settings?.kind === "worker" && Array.isArray(settings.work))
      left.push(settings.work as readonly StepDocument[]);
    if (settings?.kind === "cache" && settings.fronts !== undefined)
      use(settings.fronts, op === "get" ? "read" : "write");
  };
  for (let next = left.pop(); next !== undefined; next = left.pop())
    visitSteps(next, (step) => {
      if (step.do === "call") use(step.to, step.op);
      if (step.do !== "publish" || !published) return;
      for (const [name, node] of Object.entries(document.nodes))
        if (node.kind === "worker" && node.takes === step.to) use(name, "work");
    });
  return [...found.values()];
}
