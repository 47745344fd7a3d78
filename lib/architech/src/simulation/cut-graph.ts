import type { ModelDocument } from "../model/document.js";
import type { FaultDocument } from "../model/fault-document.js";
import { flowName, flowsOf } from "../model/flows.js";
import { hopBetween } from "../model/network.js";
import type { StepDocument } from "../model/step-document.js";
import { handedOn, sequencesOf, visitSteps } from "../model/walk.js";
import { trafficName } from "../model/wiring.js";
import { struckBy } from "./compile-faults.js";
import { areParted } from "./compile-hops.js";
import { distributionOf } from "./distribution.js";
import { Groups } from "./groups.js";
import { leastTime } from "./least-time.js";

/** Calls that take a time: between the two a model can be cut, unless they stay together. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** In ms; 0 where it has no least value. */
  readonly latency: number;
}

/** Where a model can be cut, and what has to stay together. */
export interface CutGraph {
  /** Nodes, flows of traffic (see `flowName`) and partitions ("faults/0"). */
  readonly names: readonly string[];
  readonly groups: Groups;
  readonly links: readonly Link[];
  /** Why what has a latency between it stays together all the same, one sentence each. */
  readonly reasons: readonly string[];
}

/**
 * What needs to know of each other at once stays together: callers and callees between whom no time passes, whoever looks
 * at what another keeps, and what happens to several nodes at once.
 */
export function cutGraphOf(document: ModelDocument): CutGraph {
  const flows = flowsOf(document.traffic);
  const faults = (document.faults ?? []).map((fault, i) => ({ fault, name: `faults/${i}` }));
  const names = [...Object.keys(document.nodes), ...flows.map(flowName), ...faults.map(({ name }) => name)];
  const graph = new Graph(document, new Groups(names));
  for (const { node, steps } of sequencesOf(document)) visitSteps(steps, (step) => graph.step(node, step));
  for (const flow of flows) graph.call(flowName(flow), flow.flow.to, trafficName);
  for (const name of Object.keys(document.nodes)) graph.node(name);
  for (const { fault, name } of faults) graph.fault(fault, name);
  for (const { steps, node } of sequencesOf(document))
    visitSteps(steps, (step) => {
      if ((step.do === "timeout" || step.do === "hedge") && step.cancel === true) graph.cancelled(node, step.steps);
    });
  return { names, groups: graph.groups, links: [...graph.links.values()], reasons: [...graph.reasons] };
}

class Graph {
  readonly groups: Groups;
  readonly links = new Map<string, Link>();
  readonly reasons = new Set<string>();
  readonly #document: ModelDocument;
  readonly #cancelled = new Set<string>();
  readonly #wires = new Map<string, string>();

  constructor(document: ModelDocument, groups: Groups) {
    this.#document = document;
    this.groups = groups;
  }

  step(from: string, step: StepDocument): void {
    if (step.do === "publish") this.groups.join(from, step.to);
    if (step.do === "guard") this.groups.join(from, step.by);
    if (step.do === "retry" && step.budget !== undefined) this.groups.join(from, step.budget);
    if (step.do !== "call") return;
    this.call(from, step.to, from);
    const node = this.#document.nodes[step.to]!;
    if (node.kind !== "cache") return;
    if (node.fronts !== undefined) this.call(from, node.fronts, from);
    if ("entries" in node) this.#together(from, step.to, "who asks a cache that knows its keys looks them up at once");
  }

  /** A call, whose way is that from `place`. */
  call(from: string, to: string, place: string): void {
    const document = this.#document;
    const hop = hopBetween(document, place, to);
    const latency = leastTime(distributionOf(hop?.latency ?? "0ms"));
    if (hop?.latency !== undefined) this.links.set(JSON.stringify([from, to]), { from, to, latency });
    if (hop?.latency === undefined) this.groups.join(from, to);
    else if (!(latency > 0)) this.#together(from, to, "the latency between them has no least value");
    for (const [i, fault] of (document.faults ?? []).entries())
      if (areParted(document, fault, place, to)) {
        this.#together(from, to, "a partition stops both of them at once");
        this.groups.join(from, `faults/${i}`);
      }
    if (hop?.bandwidth === undefined || place !== trafficName) return;
    // All flows to a node send over one wire.
    const first = this.#wires.get(to) ?? from;
    this.#wires.set(to, first);
    this.groups.join(first, from);
  }

  /** What a node looks at. */
  node(name: string): void {
    const node = this.#document.nodes[name]!;
    if (node.kind === "worker") this.groups.join(name, node.takes);
    if (node.kind === "topic") for (const to of node.to) this.groups.join(name, to);
    if (node.kind === "queue" && node.deadLetter !== undefined) this.groups.join(name, node.deadLetter);
    if (node.kind === "gateway" && node.health !== undefined)
      for (const to of node.to)
        this.#together(name, to, "a gateway that checks the health of its services sees them at once");
  }

  fault(fault: FaultDocument, name: string): void {
    if (fault.do === "partition") return;
    const struck = struckBy(this.#document, fault);
    for (const node of struck) {
      this.groups.join(node, name);
      if (node !== struck[0]) this.#together(struck[0]!, node, "a fault strikes both of them at once");
    }
  }

  /** Steps of a node that end with the step that started them, through all calls. */
  cancelled(node: string, steps: readonly StepDocument[]): void {
    visitSteps(steps, (step) => {
      if (step.do !== "call") return;
      this.#together(node, step.to, "work that is cancelled looks at once whether its caller waits for it");
      const target = this.#document.nodes[step.to]!;
      if (target.kind === "cache" && target.fronts !== undefined)
        this.#together(node, target.fronts, "work that is cancelled looks at once whether its caller waits for it");
      const key = `${step.to}/${step.op}`;
      if (this.#cancelled.has(key)) return;
      this.#cancelled.add(key);
      if (target.kind === "service") this.cancelled(step.to, target.ops[step.op]!);
      if (target.kind === "gateway") this.cancelled(step.to, handedOn(target.to, step.op));
    });
  }

  #together(a: string, b: string, why: string): void {
    this.groups.join(a, b);
    if (this.links.has(JSON.stringify([a, b]))) this.reasons.add(`${a} and ${b} stay together: ${why}`);
  }
}
