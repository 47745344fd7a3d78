import type { Quantities } from "./metrics.js";
import type { Callable } from "./node.js";
import type { Nodes } from "./scenario.js";
import type { Load } from "./traffic.js";
import type { Wrong } from "./wrong.js";

type QuantityOf<X extends Nodes[string]> =
  | Quantities[X["kind"]]
  | (X extends Callable<infer Op> ? `${Op}.${Quantities["op"]}` : never);

type TrafficQuantity<L extends Load> = Quantities["traffic"] | `${L["op"]}.${Quantities["trafficOp"]}`;

/** Every metric of a model, by name: "api.latency.p99", "api.browse.rate", "traffic.errors". */
export type Metric<N extends Nodes, L extends Load> =
  | { [K in keyof N & string]: `${K}.${QuantityOf<N[K]>}` }[keyof N & string]
  | `traffic.${TrafficQuantity<L>}`;

/** What every metric's name looks like: the default of a parameter for one, so that an editor has all of them to offer. */
export type AnyMetric = `${string}.${string}`;

/**
 * What the name of a metric must be besides itself: nothing more, or something that no value is, with the reason. The
 * parameter that is judged extends `string` and not the names, and a name is judged by its parts: a large model has
 * thousands of names, and the compiler would ask each of them what strings can do.
 */
export type JudgedMetric<N extends Nodes, L extends Load, M> = string extends M
  ? Wrong<NoName<M>>
  : AnyMetric extends M
    ? Metric<N, L>
    : M extends `${infer Name}.${infer Rest}`
      ? Name extends "traffic"
        ? Rest extends TrafficQuantity<L>
          ? unknown
          : Wrong<NoQuantity<"traffic", "traffic", Rest>>
        : Name extends keyof N
          ? Rest extends QuantityOf<N[Name]>
            ? unknown
            : Wrong<NoQuantity<`a ${N[Name]["kind"]}`, N[Name]["kind"], Rest>>
          : Wrong<`'${M}' is not a metric: the model has no node '${Name}'`>
      : Wrong<NoName<M>>;

/** Each of several names, and what it must be besides itself. One that is being written is any string yet. */
export type JudgedMetrics<N extends Nodes, L extends Load, M extends readonly string[]> = {
  readonly [I in keyof M]: M[I] & (string extends M[I] ? Metric<N, L> | Wrong<NoName<M[I]>> : JudgedMetric<N, L, M[I]>);
};

type NoName<M> = `'${M & string}' is not a metric: write a node and what is measured, as in 'api.latency.p99'`;

type NoQuantity<
  What extends string,
  Kind extends keyof Families,
  Rest extends string,
> = Rest extends `${string}latency.${string}`
  ? "latency.p99" extends Quantities[Kind]
    ? `${What} has no metric '${Rest}': latency has mean, p50, p90, p95, p99, p999 and max`
    : `${What} has no metric '${Rest}': it has ${Families[Kind]}`
  : `${What} has no metric '${Rest}': it has ${Families[Kind]}`;

/** What a sentence lists. */
interface Families {
  service: "latency, wait, rate, arrivals, errors, rejected, util, cores.util, depth, replicas, cold.ratio and cost, and its operations";
  gateway: "latency, rate, arrivals, errors, ejections and cost, and its operations";
  database: "latency, wait, rate, arrivals, errors, rejected, util, depth, stale.ratio, hot, moved.ratio and cost";
  cache: "latency, rate, arrivals, errors, hit.ratio, stale.ratio, evictions and cost";
  queue: "wait, rate, arrivals, errors, redelivered, duplicates, dead, depth and cost";
  log: "wait, rate, arrivals, errors and cost";
  topic: "rate, arrivals, errors and cost";
  worker: "latency, rate, arrivals, errors, util, lag, replicas and cost";
  job: "latency, rate, arrivals, errors, rejected and cost";
  limiter: "latency, rate, arrivals, errors, rejected and cost";
  breaker: "latency, rate, arrivals, errors, rejected, open and cost";
  semaphore: "latency, wait, rate, arrivals, errors, rejected, util, depth and cost";
  concurrency: "latency, rate, arrivals, errors, rejected, limit.mean and cost";
  "retry-budget": "rate, arrivals, errors and cost";
  traffic: "latency, rate, arrivals, errors, timeouts, inside and cost, and its operations";
}
