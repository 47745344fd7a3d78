import { quoted } from "../units/amount.js";
import { parseRatio } from "../units/ratio.js";
import type { ChangeDocument } from "./change-document.js";
import { check, fail } from "./check.js";
import { checkKeys } from "./check-keys.js";
import type { ModelDocument } from "./document.js";
import { checkEnds } from "./endless.js";
import { flowsOf, loadOf } from "./flows.js";
import { nodeShapes } from "./format.js";
import { classShapes, trafficShapes } from "./format-traffic.js";
import { ratios } from "./naming.js";
import type { NodeDocument } from "./node-document.js";
import type { ObjectShape, Path } from "./shape.js";
import type { ClassDocument, TrafficDocument } from "./traffic-document.js";
import { validate, vouch } from "./validate.js";
import { checkWiring, trafficName } from "./wiring.js";

/** Which settings of each kind of node a scenario may change. */
const changeable: Readonly<Record<NodeDocument["kind"], readonly string[]>> = {
  service: ["replicas", "scale", "threads", "cores", "scheduling", "balance", "queue", "coldStart", "cost"],
  gateway: ["balance", "nearest", "health", "lookup", "cost"],
  database: ["connections", "read", "write", "queue", "replicas", "quorum", "shards", "cost"],
  cache: [
    "get",
    "put",
    "hitRatio",
    "entries",
    "evict",
    "ttl",
    "ttlJitter",
    "softTtl",
    "singleFlight",
    "warm",
    "write",
    "writeAfter",
    "cost",
  ],
  queue: ["capacity", "visibility", "backoff", "maxReceives", "delay", "cost"],
  log: ["partitions", "retention", "cost"],
  topic: ["cost"],
  worker: ["replicas", "scale", "threads", "work", "batch", "rebalance", "cost"],
  job: ["every", "offset", "jitter", "overlap", "keys", "cost"],
  limiter: ["rate", "burst", "wait", "window", "reserved", "cost"],
  breaker: ["window", "minimum", "failureRate", "slow", "slowRate", "openFor", "probes", "cost"],
  semaphore: ["permits", "queue", "cost"],
  concurrency: ["algorithm", "initial", "min", "max", "slow", "tolerance", "reserved", "cost"],
  "retry-budget": ["ratio", "burst", "cost"],
};

/** Which settings of traffic a scenario may change. */
const changeableTraffic: Readonly<Record<"rate" | "sessions" | "users", readonly string[]>> = {
  rate: ["rate", "arrivals", "batch", "mix", "keys"],
  sessions: ["sessions", "requests", "think", "mix", "keys"],
  users: ["users", "think", "mix", "keys"],
};

const whats = { rate: "open traffic", sessions: "traffic of sessions", users: "closed traffic" };

/**
 * The document with a scenario's settings in place of its own; what the scenario does not name stays.
 * Throws `change-invalid` with the path in the change of what is not a setting, `node-unknown`, or what `validate` throws.
 */
export function applyChange(document: ModelDocument, change: ChangeDocument): ModelDocument {
  const model = validate(document);
  if (typeof change !== "object" || change === null || Array.isArray(change))
    return fail(
      "change-invalid",
      [],
      `cannot take ${quoted(change)} as a change: an object of settings by node is expected`,
    );
  const names = Object.keys(change).filter((name) => change[name] !== undefined);
  if (names.length === 0) return model;
  const nodes: Record<string, NodeDocument> = { ...model.nodes };
  let { traffic } = model;
  for (const name of names) {
    const node = Object.hasOwn(model.nodes, name) ? model.nodes[name] : undefined;
    if (name === trafficName) {
      traffic = changedTraffic(traffic, change[name]);
    } else if (node === undefined) {
      fail("node-unknown", [name], "is no node of the model");
    } else {
      const shape = shapeOf(node);
      const allowed = changeable[node.kind].filter((field) => Object.hasOwn(shape.fields, field));
      nodes[name] = changed(node, change[name], shape, allowed, [name], shape.what);
    }
  }
  const next: ModelDocument = { ...model, nodes: Object.freeze(nodes), traffic };
  checkSameMix(model, next);
  if (
    names.some((name) => nodes[name] !== model.nodes[name] && ("scale" in nodes[name]! || "scheduling" in nodes[name]!))
  )
    checkWiring(next);
  // A cache that never hits may close a circle that its hits left.
  if (Object.keys(nodes).some((name) => nodes[name] !== model.nodes[name] && nodes[name]!.kind === "cache"))
    checkEnds(next);
  checkKeys(next);
  return vouch(next);
}

/** The shape of a node, or of the case that it is. */
function shapeOf(node: NodeDocument): ObjectShape {
  const shape = nodeShapes[node.kind];
  if (shape.shape === "object") return shape;
  return Object.entries(shape.cases).find(([field]) => Object.hasOwn(node, field))![1];
}

/** The traffic with a change's settings: of its one flow, or by class. */
function changedTraffic(traffic: TrafficDocument, settings: unknown): TrafficDocument {
  if (!("classes" in traffic)) {
    const load = loadOf(traffic);
    return changed(traffic, settings, trafficShapes[load], changeableTraffic[load], [trafficName], whats[load]);
  }
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    return fail("change-invalid", [trafficName], `is ${quoted(settings)}: an object of settings by class is expected`);
  const classes: Record<string, ClassDocument> = { ...traffic.classes };
  for (const [name, own] of Object.entries(settings)) {
    const flow = Object.hasOwn(classes, name) ? classes[name]! : undefined;
    if (flow === undefined)
      fail("change-invalid", [trafficName, name], `is no class: there are ${Object.keys(classes).join(", ")}`);
    const load = loadOf(flow);
    const allowed = [...changeableTraffic[load], "priority", "weight"];
    classes[name] = changed(flow, own, classShapes[load], allowed, [trafficName, name], `a class of ${whats[load]}`);
  }
  return Object.freeze({ classes: Object.freeze(classes) });
}

/** Weights by operation. A change names only operations that the mix has, so that every scenario has the same metrics. */
function checkSameMix(before: ModelDocument, after: ModelDocument): void {
  const flows = flowsOf(before.traffic);
  for (const { index, name, flow } of flowsOf(after.traffic)) {
    const known = flows[index]!.flow.mix;
    const odd = Object.keys(flow.mix).find((op) => !Object.hasOwn(known, op));
    if (odd !== undefined)
      fail(
        "operation-unknown",
        [trafficName, ...(name === undefined ? [] : [name]), "mix", odd],
        `is not in the mix of the model: ${Object.keys(known).join(", ")}`,
      );
  }
}

function changed<T extends object>(
  from: T,
  settings: unknown,
  shape: ObjectShape,
  allowed: readonly string[],
  path: Path,
  what: string,
): T {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    return fail("change-invalid", path, `is ${quoted(settings)}: an object of settings is expected`);
  const to: Record<string, unknown> = { ...(from as Record<string, unknown>) };
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const at = [...path, name];
    if (!allowed.includes(name))
      fail("change-invalid", at, `cannot be changed by a scenario: of ${what}, ${allowed.join(", ")} can`);
    if (name === "work" && (Array.isArray(value) || Array.isArray(to[name])))
      fail("change-invalid", at, "is made of steps, and wiring cannot change: only a time can");
    const checked = check(
      shape.fields[name]!.is,
      ratios.has(name) && typeof value === "string" ? parseRatio(value) : value,
      at,
    );
    to[name] = name === "mix" ? Object.freeze({ ...(to[name] as object), ...(checked as object) }) : checked;
  }
  shape.also?.(to as never, (name, message) => fail("model-invalid", [...path, name], message));
  return Object.freeze(to) as T;
}
