import { quoted } from "../units/amount.js";
import type { GatewayDocument } from "./balance-document.js";
import { fail, isName } from "./check.js";
import type { ModelDocument } from "./document.js";
import { flowsOf } from "./flows.js";
import type { GroupDocument } from "./group-document.js";
import type { WorkerDocument } from "./messaging-document.js";
import { zoneOf } from "./network.js";
import type { NodeDocument } from "./node-document.js";
import type { ServiceDocument } from "./service-document.js";
import type { Path } from "./shape.js";
import type { StepDocument } from "./step-document.js";
import { sequencesOf, walkSteps } from "./walk.js";

type Kind = NodeDocument["kind"];

/** Name that metrics give to what clients see, and that no node may have. */
export const trafficName = "traffic";

/** Throws unless every name in the document leads to a node of the right kind, and every operation exists. */
export function checkWiring(document: ModelDocument): void {
  if (Object.hasOwn(document.nodes, trafficName))
    fail("name-invalid", ["nodes", trafficName], "cannot name a node: it names what clients see");
  for (const [name, node] of Object.entries(document.nodes)) {
    checkMessaging(document.nodes, name, node);
    if (node.kind === "service" || node.kind === "worker") checkScale(document, name, node);
    if (node.kind === "gateway") checkGateway(document, name, node);
    if (node.kind === "cache" && node.fronts !== undefined)
      find(document.nodes, node.fronts, ["database"], ["nodes", name, "fronts"]);
  }
  for (const { steps, path } of sequencesOf(document))
    walkSteps(steps, path, (step, at) => checkStep(document, step, at));
  checkTraffic(document);
  checkNetwork(document);
  checkFaults(document);
  checkGroups(document);
  for (const name of Object.keys(document.layout ?? {})) {
    if (!isName(name)) fail("name-invalid", ["layout", name], "cannot name a node");
  }
}

const failing: readonly Kind[] = ["service", "gateway", "database", "cache", "queue", "log", "topic", "worker", "job"];
/** What does no work itself. */
const idle: readonly Kind[] = ["gateway", "queue", "log", "topic", "job"];

/** Throws unless what scales a node reads queues that there are, and knows of which it reads the lag. */
function checkScale({ nodes }: ModelDocument, name: string, node: ServiceDocument | WorkerDocument): void {
  const path = ["nodes", name, "scale"];
  const { scale } = node;
  // Of a log a group of workers has a lag: its own.
  const read = node.kind === "worker" && nodes[node.takes]?.kind === "log" ? node.takes : undefined;
  const findRead = (name: string, path: Path): unknown =>
    name === read ? undefined : find(nodes, name, ["queue"], path);
  if (scale?.by === "hpa" && scale.target.queue !== undefined)
    findRead(scale.target.queue.of, [...path, "target", "queue", "of"]);
  if (scale?.by !== "keda") return;
  if (scale.queue !== undefined) findRead(scale.queue, [...path, "queue"]);
  else if (scale.lag !== undefined && node.kind === "service")
    fail(
      "wiring-invalid",
      [...path, "queue"],
      "is missing: a service takes from no queue, so the lag of which is meant?",
    );
  if (scale.concurrency !== undefined && node.kind === "worker")
    fail("wiring-invalid", [...path, "concurrency"], "is given, but a worker has no requests: use lag");
}

function checkFaults({ nodes, faults = [], network }: ModelDocument): void {
  for (const [i, fault] of faults.entries()) {
    const path = ["faults", i] as const;
    if (fault.do === "partition") {
      for (const [k, name] of fault.between.entries()) {
        const known = name === trafficName || Object.hasOwn(network?.zones ?? {}, name);
        if (!known) find(nodes, name, undefined, [...path, "between", k]);
      }
      continue;
    }
    if ("zone" in fault && fault.zone !== undefined) {
      const zones = Object.keys(network?.zones ?? {});
      if (!zones.includes(fault.zone))
        fail("node-unknown", [...path, "zone"], `is ${quoted(fault.zone)}, which is no zone: ${some(zones)}`);
      continue;
    }
    const node = find(nodes, fault.node!, failing, [...path, "node"]);
    if ((fault.do === "pause" || fault.do === "pauses") && idle.includes(node.kind))
      fail(
        "wiring-invalid",
        [...path, "node"],
        `is a ${node.kind}, which does no work that could stand still: use outage`,
      );
    if (
      (fault.do === "pause" || fault.do === "pauses") &&
      node.kind === "service" &&
      (node.scheduling ?? "fifo") !== "fifo"
    )
      fail("wiring-invalid", [...path, "node"], "has shared cores, whose work cannot stand still: use slow or outage");
    if ((fault.do === "slow" || fault.do === "errors") && idle.includes(node.kind))
      fail("wiring-invalid", [...path, "node"], `is a ${node.kind}, which ${fault.do} mean nothing to: use outage`);
  }
}

function checkNetwork({ nodes, network }: ModelDocument): void {
  const seen = new Map<string, string>();
  for (const [zone, { nodes: names }] of Object.entries(network?.zones ?? {})) {
    for (const [i, name] of names.entries()) {
      const path = ["network", "zones", zone, "nodes", i];
      find(nodes, name, undefined, path);
      if (seen.has(name))
        fail("node-duplicate", path, `is ${quoted(name)}, which stands in zone ${quoted(seen.get(name))} already`);
      seen.set(name, zone);
    }
  }
  for (const [i, { from, to }] of (network?.hops ?? []).entries()) {
    const path = ["network", "hops", i] as const;
    if (from !== trafficName) find(nodes, from, ["service", "gateway", "worker", "job"], [...path, "from"]);
    find(nodes, to, ["service", "gateway", "database", "cache", "limiter"], [...path, "to"]);
  }
}

/** Throws unless groups have nodes that there are, each of them once. */
function checkGroups({ nodes, groups = {} }: ModelDocument): void {
  const seen = new Map<string, string>();
  const visit = (groups: Readonly<Record<string, GroupDocument>>, path: Path): void => {
    for (const [name, { nodes: names = [], groups: inner = {} }] of Object.entries(groups)) {
      for (const [i, node] of names.entries()) {
        const at = [...path, name, "nodes", i];
        find(nodes, node, undefined, at);
        if (seen.has(node))
          fail("node-duplicate", at, `is ${quoted(node)}, which stands in group ${quoted(seen.get(node))} already`);
        seen.set(node, name);
      }
      visit(inner, [...path, name, "groups"]);
    }
  };
  visit(groups, ["groups"]);
}

/** Throws unless a gateway hands on to services that have its operations. */
function checkGateway({ nodes, network }: ModelDocument, name: string, gateway: GatewayDocument): void {
  const path = ["nodes", name];
  for (const [i, to] of gateway.to.entries()) {
    const target = find(nodes, to, ["service", "gateway"], [...path, "to", i]);
    if (gateway.to.indexOf(to) < i) fail("wiring-invalid", [...path, "to", i], `is ${quoted(to)} once more`);
    for (const [k, op] of gateway.ops.entries()) checkOp(to, target, op, [...path, "ops", k]);
  }
  if (gateway.nearest === true && zoneOf({ nodes, network } as ModelDocument, name) === undefined)
    fail("wiring-invalid", [...path, "nearest"], "is set, but the gateway stands in no zone of the network");
}

/** Throws unless what takes messages, or hands them on, does so from and to nodes that have them. */
function checkMessaging(nodes: ModelDocument["nodes"], name: string, node: NodeDocument): void {
  const path = ["nodes", name];
  if (node.kind === "worker") {
    const from = find(nodes, node.takes, ["queue", "log"], [...path, "takes"]);
    for (const field of ["group", "rebalance"] as const)
      if (node[field] !== undefined && from.kind !== "log")
        fail("wiring-invalid", [...path, field], `is given, but ${quoted(node.takes)} is a queue: a log has groups`);
  }
  if (node.kind === "queue" && node.deadLetter !== undefined) {
    find(nodes, node.deadLetter, ["queue"], [...path, "deadLetter"]);
    if (node.deadLetter === name)
      fail("wiring-invalid", [...path, "deadLetter"], `is ${quoted(name)} itself: another queue is needed`);
  }
  if (node.kind !== "topic") return;
  for (const [i, to] of node.to.entries()) {
    find(nodes, to, ["queue", "log"], [...path, "to", i]);
    if (node.to.indexOf(to) < i) fail("wiring-invalid", [...path, "to", i], `is ${quoted(to)} once more`);
  }
}

/** Throws unless traffic goes to operations that exist. */
function checkTraffic({ nodes, traffic }: Pick<ModelDocument, "nodes" | "traffic">): void {
  for (const { name, flow } of flowsOf(traffic)) {
    const path = name === undefined ? ["traffic"] : ["traffic", "classes", name];
    const entry = find(nodes, flow.to, ["service", "gateway"], [...path, "to"]);
    for (const op of Object.keys(flow.mix)) checkOp(flow.to, entry, op, [...path, "mix", op]);
    if ("rate" in flow && typeof flow.rate === "object" && "ops" in flow.rate)
      for (const [i, op] of flow.rate.ops!.entries())
        if (!Object.hasOwn(flow.mix, op))
          fail(
            "operation-unknown",
            [...path, "rate", "ops", i],
            `is ${quoted(op)}, which is not in the mix: ${some(Object.keys(flow.mix))}`,
          );
    if (name !== undefined) checkClassName(name);
  }
}

/** A class gives metrics its name, as an operation does: `traffic.gold.rate`. */
function checkClassName(name: string): void {
  if (["latency", "rate", "arrivals", "errors", "timeouts", "inside"].includes(name))
    fail("name-invalid", ["traffic", "classes", name], "cannot name a class: it names what is measured");
}

function checkStep(document: ModelDocument, step: StepDocument, path: Path): void {
  if (step.do === "publish") find(document.nodes, step.to, ["queue", "log", "topic"], [...path, "to"]);
  if (step.do === "custom" && !isName(step.name))
    fail(
      "name-invalid",
      [...path, "name"],
      `is ${quoted(step.name)}: write letters, digits, _ and -, first a letter or _`,
    );
  if (step.do === "guard") find(document.nodes, step.by, ["breaker", "semaphore", "concurrency"], [...path, "by"]);
  if (step.do === "retry" && step.budget !== undefined)
    find(document.nodes, step.budget, ["retry-budget"], [...path, "budget"]);
  if (step.do !== "call") return;
  const node = find(document.nodes, step.to, ["service", "gateway", "database", "cache", "limiter"], [...path, "to"]);
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
    case "gateway":
      return node.ops;
    case "database":
      return ["read", "write"];
    case "cache":
      return ["get", "put"];
    case "limiter":
      return ["take"];
    default:
      return [];
  }
}

function some(names: readonly string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`;
}
