import type { Quantities } from "./metrics.js";
import type { Service } from "./node.js";
import type { Nodes } from "./scenario.js";
import type { Load } from "./traffic.js";

type OfNode<Name extends string, X extends Nodes[string]> =
  | `${Name}.${Quantities[X["kind"]]}`
  | (X extends Service<infer Op> ? `${Name}.${Op}.${Quantities["op"]}` : never);

/** Every metric of a model, by name: "api.latency.p99", "api.browse.rate", "traffic.errors". */
export type Metric<N extends Nodes, L extends Load> =
  | { [K in keyof N & string]: OfNode<K, N[K]> }[keyof N & string]
  | `traffic.${Quantities["traffic"]}`
  | `traffic.${L["op"]}.${Quantities["trafficOp"]}`;

/** The name itself, or a sentence that says what is wrong with it. */
export type CheckedMetric<N extends Nodes, L extends Load, M> = M extends Metric<N, L> ? M : M extends string ? Complaint<N, M> : Metric<N, L>;

type Complaint<N extends Nodes, M extends string> = M extends `${infer Name}.${infer Rest}`
  ? Name extends keyof N
    ? `${Article<N[Name]["kind"]>} has no metric '${Rest}': it has ${Measured[N[Name]["kind"]]}${N[Name]["kind"] extends "service" ? ", or the like of an operation" : ""}`
    : Name extends "traffic"
      ? `traffic has no metric '${Rest}': it has ${Measured["traffic"]}, or the like of an operation`
      : `'${M}' is not a metric: the model has no node '${Name}'`
  : `'${M}' is not a metric: write a node and what is measured, as in 'api.latency.p99'`;

type Article<Kind extends string> = `a ${Kind}`;

/** What a sentence lists. */
interface Measured {
  service: "latency.(mean p50 p90 p95 p99 p999 max), wait.(mean p50 p95 p99 max), rate, arrivals, errors, util, cores.util, depth.(mean max), replicas";
  database: "latency.(mean p50 p90 p95 p99 p999 max), wait.(mean p50 p95 p99 max), rate, arrivals, errors, util, depth.(mean max)";
  cache: "latency.(mean p50 p90 p95 p99 p999 max), rate, arrivals, errors, hit.ratio";
  queue: "wait.(mean p50 p95 p99 max), rate, arrivals, errors, depth.(mean max)";
  worker: "latency.(mean p50 p90 p95 p99 p999 max), rate, arrivals, errors, util, replicas";
  traffic: "latency.(mean p50 p90 p95 p99 p999 max), rate, arrivals, errors, timeouts, inside";
}
