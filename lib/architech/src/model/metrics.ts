import type { ModelDocument } from "./document.js";
import { flowsOf } from "./flows.js";
import type { NodeDocument } from "./node-document.js";
import { trafficName } from "./wiring.js";

/** Milliseconds, events per second, a price per hour, or a plain number (a share from 0 to 1, a count). */
export type MetricUnit = "ms" | "1/s" | "1/h" | "1";

/** One number that a run reports of a model. */
export interface MetricInfo {
  /** `<node>[.<op>].<quantity>`: "api.browse.latency.p99". */
  readonly name: string;
  /** A node, or "traffic": what clients see end to end. */
  readonly node: string;
  readonly op?: string;
  /** "latency.p99". */
  readonly quantity: string;
  readonly unit: MetricUnit;
}

type Latency = `latency.${"mean" | "p50" | "p90" | "p95" | "p99" | "p999" | "max"}`;
type Wait = `wait.${"mean" | "p50" | "p95" | "p99" | "max"}`;
type Flow = "rate" | "arrivals" | "errors";
type Depth = "depth.mean" | "depth.max";
/** Of the station with the most queries: a shard, a replica. */
type Hot = "hot.share" | "hot.util" | "hot.latency.p99";
type Lag = "lag.mean" | "lag.max";
type Redelivery = "redelivered" | "duplicates" | "dead";

/** What is measured of each kind of node, of an operation of a service or a gateway, of traffic and of an operation of its mix. */
export interface Quantities {
  service: Latency | Wait | Flow | "rejected" | "util" | "cores.util" | Depth | "replicas" | "cold.ratio" | "cost";
  gateway: Latency | Flow | "ejections" | "cost";
  database: Latency | Wait | Flow | "rejected" | "util" | Depth | "stale.ratio" | Hot | "moved.ratio" | "cost";
  cache: Latency | Flow | "hit.ratio" | "stale.ratio" | "evictions" | "cost";
  queue: Wait | Flow | Redelivery | Depth | "cost";
  log: Wait | Flow | "cost";
  topic: Flow | "cost";
  worker: Latency | Flow | "util" | Lag | "replicas" | "cost";
  job: Latency | Flow | "rejected" | "cost";
  limiter: Latency | Flow | "rejected" | "cost";
  breaker: Latency | Flow | "rejected" | "open" | "cost";
  semaphore: Latency | Wait | Flow | "rejected" | "util" | Depth | "cost";
  concurrency: Latency | Flow | "rejected" | "limit.mean" | "cost";
  "retry-budget": Flow | "cost";
  op: Latency | Wait | Flow;
  traffic: Latency | Flow | "timeouts" | "inside" | "cost";
  trafficOp: Latency | Flow;
}

const latency: readonly Latency[] = [
  "latency.mean",
  "latency.p50",
  "latency.p90",
  "latency.p95",
  "latency.p99",
  "latency.p999",
  "latency.max",
];
const wait: readonly Wait[] = ["wait.mean", "wait.p50", "wait.p95", "wait.p99", "wait.max"];
const flow: readonly Flow[] = ["rate", "arrivals", "errors"];
const depth: readonly Depth[] = ["depth.mean", "depth.max"];
const hot: readonly Hot[] = ["hot.share", "hot.util", "hot.latency.p99"];
const lag: readonly Lag[] = ["lag.mean", "lag.max"];
const redelivery: readonly Redelivery[] = ["redelivered", "duplicates", "dead"];

/** The same in the order of rows. */
const quantities: { readonly [K in keyof Quantities]: readonly Quantities[K][] } = {
  service: [...latency, ...wait, ...flow, "rejected", "util", "cores.util", ...depth, "replicas", "cold.ratio", "cost"],
  gateway: [...latency, ...flow, "ejections", "cost"],
  database: [...latency, ...wait, ...flow, "rejected", "util", ...depth, "stale.ratio", ...hot, "moved.ratio", "cost"],
  cache: [...latency, ...flow, "hit.ratio", "stale.ratio", "evictions", "cost"],
  queue: [...wait, ...flow, ...redelivery, ...depth, "cost"],
  log: [...wait, ...flow, "cost"],
  topic: [...flow, "cost"],
  worker: [...latency, ...flow, "util", ...lag, "replicas", "cost"],
  job: [...latency, ...flow, "rejected", "cost"],
  limiter: [...latency, ...flow, "rejected", "cost"],
  breaker: [...latency, ...flow, "rejected", "open", "cost"],
  semaphore: [...latency, ...wait, ...flow, "rejected", "util", ...depth, "cost"],
  concurrency: [...latency, ...flow, "rejected", "limit.mean", "cost"],
  "retry-budget": [...flow, "cost"],
  op: [...latency, ...wait, ...flow],
  traffic: [...latency, ...flow, "timeouts", "inside", "cost"],
  trafficOp: [...latency, ...flow],
};

/**
 * Every metric of a model, in the order of its summary rows: node by node (a service first as a whole, then by
 * operation), then what clients see, as a whole, by class, and by operation of the mix (`gold.buy` of a class).
 */
export function metricsOf(document: ModelDocument): readonly MetricInfo[] {
  const metrics: MetricInfo[] = [];
  for (const [node, settings] of Object.entries(document.nodes)) {
    add(metrics, node, undefined, quantities[settings.kind]);
    for (const op of operations(settings)) add(metrics, node, op, quantities.op);
  }
  add(metrics, trafficName, undefined, quantities.traffic);
  for (const { name, flow } of flowsOf(document.traffic)) {
    if (name !== undefined) add(metrics, trafficName, name, quantities.trafficOp);
    const prefix = name === undefined ? "" : `${name}.`;
    for (const op of Object.keys(flow.mix)) add(metrics, trafficName, `${prefix}${op}`, quantities.trafficOp);
  }
  return metrics;
}

function operations(node: NodeDocument): readonly string[] {
  if (node.kind === "gateway") return node.ops;
  return node.kind === "service" ? Object.keys(node.ops) : [];
}

function add(to: MetricInfo[], node: string, op: string | undefined, names: readonly string[]): void {
  const prefix = op === undefined ? node : `${node}.${op}`;
  for (const quantity of names) {
    const name = `${prefix}.${quantity}`;
    const unit = unitOf(quantity);
    to.push(op === undefined ? { name, node, quantity, unit } : { name, node, op, quantity, unit });
  }
}

const units = new Map<string, MetricUnit>();

/** Looked up: the metrics of every task of a sweep are listed. */
function unitOf(quantity: string): MetricUnit {
  let unit = units.get(quantity);
  if (unit === undefined) units.set(quantity, (unit = unitByName(quantity)));
  return unit;
}

function unitByName(quantity: string): MetricUnit {
  if (/^(hot\.)?(latency|wait)\./.test(quantity)) return "ms";
  if (/^(rate|arrivals|errors|rejected|redelivered|duplicates|dead|timeouts|evictions|ejections)$/.test(quantity))
    return "1/s";
  return quantity === "cost" ? "1/h" : "1";
}
