import { quoted } from "../units/amount.js";
import { fail, isName } from "./check.js";
import type { ModelDocument, NodeDocument, ServiceDocument, StepDocument, WorkerDocument } from "./document.js";
import type { Path } from "./shape.js";
import { sequencesOf, walkSteps } from "./walk.js";

type Kind = NodeDocument["kind"];

/** Name that metrics give to what clients see, and that no node may have. */
export const trafficName = "traffic";

/** Throws unless every name in the document leads to a node of the right kind, and every operation exists. */
export function checkWiring(document: ModelDocument): void {
  if (Object.hasOwn(document.nodes, trafficName))
    fail("name-invalid", ["nodes", trafficName], "cannot name a node: it names what clients see");
  for (const [name, node] of Object.entries(document.nodes)) {
    if (node.kind === "worker") find(document.nodes, node.takes, ["queue"], ["nodes", name, "takes"]);
    if (node.kind === "service" || node.kind === "worker") checkScale(document, name, node);
    if (node.kind === "cache" && node.fronts !== undefined)
      find(document.nodes, node.fronts, ["database"], ["nodes", name, "fronts"]);
  }
  for (const { steps, path } of sequencesOf(document))
    walkSteps(steps, path, (step, at) => checkStep(document, step, at));
  checkMix(document);
  for (const [i, fault] of (document.faults ?? []).entries())
    find(document.nodes, fault.node, undefined, ["faults", i, "node"]);
  for (const name of Object.keys(document.layout ?? {})) {
    if (!isName(name)) fail("name-invalid", ["layout", name], "cannot name a node");
  }
}

/** Throws unless what scales a node reads queues that there are, and knows of which it reads the lag. */
function checkScale({ nodes }: ModelDocument, name: string, node: ServiceDocument | WorkerDocument): void {
  const path = ["nodes", name, "scale"];
  const { scale } = node;
  if (scale?.by === "hpa" && scale.target.queue !== undefined)
    find(nodes, scale.target.queue.of, ["queue"], [...path, "target", "queue", "of"]);
  if (scale?.by !== "keda") return;
  if (scale.queue !== undefined) find(nodes, scale.queue, ["queue"], [...path, "queue"]);
  else if (scale.lag !== undefined && node.kind === "service")
    fail(
      "wiring-invalid",
      [...path, "queue"],
      "is missing: a service takes from no queue, so the lag of which is meant?",
    );
  if (scale.concurrency !== undefined && node.kind === "worker")
    fail("wiring-invalid", [...path, "concurrency"], "is given, but a worker has no requests: use lag");
}

/** Throws unless traffic goes to operations that exist. */
function checkMix({ nodes, traffic }: Pick<ModelDocument, "nodes" | "traffic">): void {
  const entry = find(nodes, traffic.to, ["service"], ["traffic", "to"]);
  for (const op of Object.keys(traffic.mix)) checkOp(traffic.to, entry, op, ["traffic", "mix", op]);
}

function checkStep(document: ModelDocument, step: StepDocument, path: Path): void {
  if (step.do === "publish") find(document.nodes, step.to, ["queue"], [...path, "to"]);
  if (step.do !== "call") return;
  const node = find(document.nodes, step.to, ["service", "database", "cache"], [...path, "to"]);
  checkOp(step.to, node, step.op, [...path, "op"]);
  if (step.miss !== undefined && (node.kind !== "cache" || step.op !== "get"))
    fail("model-invalid", [...path, "miss"], "is given, but only a cache's get can miss");
}

function find(
  nodes: ModelDocument["nodes"],
  name: string,
  kinds: readonly Kind[] | undefined,
  path: Path,
): NodeDocument {
  const node = Object.hasOwn(nodes, name) ? nodes[name]! : undefined;
  if (node === undefined)
    return fail("node-unknown", path, `is ${quoted(name)}, which is no node of the model: ${some(Object.keys(nodes))}`);
  if (kinds !== undefined && !kinds.includes(node.kind))
    fail("wiring-invalid", path, `is ${quoted(name)}, a ${node.kind}: a ${kinds.join(" or ")} is needed`);
  return node;
}

function checkOp(name: string, node: NodeDocument, op: string, path: Path): void {
  const ops = opsOf(node);
  if (!ops.includes(op))
    fail("operation-unknown", path, `is ${quoted(op)}, which ${quoted(name)} does not have: ${some(ops)}`);
}

/** What can be called on a node. */
function opsOf(node: NodeDocument): readonly string[] {
  switch (node.kind) {
    case "service":
      return Object.keys(node.ops);
    case "database":
      return ["read", "write"];
    case "cache":
      return ["get", "put"];
    default:
      return [];
  }
}

function some(names: readonly string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`;
}
