import type { ModelDocument } from "./document.js";
import type { ClassDocument, FlowDocument, KeysDocument, TrafficDocument } from "./traffic-document.js";

/** One flow of a model's traffic. */
export interface Flow {
  /** Of a class. */
  readonly name?: string;
  /** Place among the classes. */
  readonly index: number;
  readonly flow: ClassDocument;
}

/** The flows of traffic: one without a name, or one for each class. */
export function flowsOf(traffic: TrafficDocument): readonly Flow[] {
  if (!("classes" in traffic)) return [{ index: 0, flow: traffic }];
  return Object.entries(traffic.classes).map(([name, flow], index) => ({ name, index, flow }));
}

/** The keys that requests and starts of jobs are for. */
export function keysOf({ nodes, traffic }: ModelDocument): readonly KeysDocument[] {
  const jobs = Object.values(nodes).map((node) => (node.kind === "job" ? node.keys : undefined));
  return [...flowsOf(traffic).map(({ flow }) => flow.keys), ...jobs].filter((keys) => keys !== undefined);
}

/** Which field says how much of it there is. */
export function loadOf(flow: FlowDocument): "rate" | "sessions" | "users" {
  return "rate" in flow ? "rate" : "sessions" in flow ? "sessions" : "users";
}
