// What the compiler refuses in runs, sweeps and comparisons: each line with the words that its message holds.
import { compare, sweep } from "architech";
import { shop } from "./shop.js";

// error: Expected 1 arguments, but got 0.
shop.run();
// error: 'util' does not exist in type 'RunOptions<
shop.run({ util: "10min" });
// error: `${number}us` | `${number}ms` | `${number}s` | `${number}min` | `${number}h
shop.run({ until: "10mins" });
// error: `${number}us` | `${number}ms` | `${number}s` | `${number}min` | `${number}h
shop.run({ until: 10 });
// error: Type '"automatic"' is not assignable to type '`${number}us` | `${number}ms` | `${number}s` | `${number}min` | `${number}h` | "auto"'.
shop.run({ until: "10min", warmup: "automatic" });
// error: Type '95' is not assignable to type '0.9 | 0.95 | 0.99'.
shop.run({ until: "10min", confidence: 95 });
// error: is not assignable to type '`${number}%`'
shop.run({ until: "10min", halfWidth: "2", metric: "api.util" });
// error: Type '"api.utill"' is not assignable to type 'Metric<
shop.run({ until: "10min", halfWidth: "2%", metric: "api.utill" });
// error: Type '"recursive"' is not assignable to type '"events" | "recursion"'.
shop.run({ until: "10min", method: "recursive" });
// error: Type '"tpu"' is not assignable to type '"cpu" | "gpu"'.
shop.run({ until: "10min", method: "recursion", device: "tpu" });
const run = shop.run({ until: "1s" });
// error: a queue has no metric 'latency.p99': it has wait, rate, arrivals, errors, redelivered, duplicates, dead, depth and cost
run.watch("emails.latency.p99");
// error: 'apii.latency.p99' is not a metric: the model has no node 'apii'
run.watch("apii.latency.p99");
// error: a service has no metric 'browse.latency.p98': latency has mean, p50, p90, p95, p99, p999 and max
run.watch("api.browse.latency.p98");
// error: 'latency' is not a metric: write a node and what is measured, as in 'api.latency.p99'
run.watch("latency");
// error: a database has no metric 'utill': it has latency, wait, rate, arrivals, errors, rejected, util, depth, stale.ratio, hot, moved.ratio and cost
run.watch("api.util", "orders.utill");
// error: a database has no metric 'hit.ratio': it has latency, wait, rate, arrivals, errors, rejected, util, depth, stale.ratio, hot, moved.ratio and cost
run.then((result) => result.estimate("orders.hit.ratio"));
// error: traffic has no metric 'util': it has latency, rate, arrivals, errors, timeouts, inside and cost, and its operations
run.then((result) => result.estimate("traffic.util"));
// error: '${string}' is not a metric: write a node and what is measured, as in 'api.latency.p99'
run.then((result) => result.estimate(shop.metrics[0] ?? ""));
// error: Property 'median' does not exist on type 'Estimate'. Did you mean 'mean'?
run.then((result) => result.estimate("api.util").median);
// error: Property 'rpss' does not exist on type '{ rps: 1; }'.
sweep(shop, { rps: [1] }, ({ rpss }) => ({}), { until: "1s" });
// error: the model has no node 'ordres'
sweep(shop, { n: [1] }, ({ n }) => ({ traffic: { rate: `${n}rps` }, ordres: { connections: n } }), { until: "1s" });
// error: a database has no setting 'conections' to change: it has connections, read, write, queue
sweep(shop, { n: [1] }, ({ n }) => ({ orders: { conections: n } }), { until: "1s" });
// error: '1' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
sweep(shop, { n: [1] }, ({ n }) => ({ orders: { read: `${n}` } }), { until: "1s" });
// error: '1rps' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
sweep(shop, { n: [1] }, ({ n }) => ({ orders: { read: `${n}rps` } }), { until: "1s" });
// error: 1 has no unit: write '1rps', or rpm or rph
sweep(shop, { n: [1] }, ({ n }) => ({ traffic: { rate: n } }), { until: "1s" });
// error: Type 'number' is not assignable to type 'readonly (string | number)[]'.
sweep(shop, { n: 1 }, ({ n }) => ({ orders: { connections: n } }), { until: "1s" });
// error in 1400: balance is a way, as 'least-connections' or { choices: 2 }
sweep(shop, { n: [1] }, ({ n }) => { return { orders: { connections: n }, api: { balance: "none" } }; }, { until: "1s" });
// error: a service has no metric 'utill': it has latency, wait, rate, arrivals, errors, rejected, util, cores.util, depth, replicas, cold.ratio and cost, and its operations
compare(shop, { a: {}, b: {} }, { metric: "api.utill", until: "1s" });
// error: Property 'metric' is missing
compare(shop, { a: {}, b: {} }, { until: "1s" });
// error: Type '95' is not assignable to type '0.9 | 0.95 | 0.99'.
compare(shop, { a: {}, b: {} }, { metric: "api.util", confidence: 95, until: "1s" });
// error: the model has no node 'ordres'
compare(shop, { a: { ordres: { connections: 1 } }, b: {} }, { metric: "api.util", until: "1s" });
// error: a database has no setting 'threads' to change: it has connections, read, write, queue
compare(shop, { a: { orders: { connections: 1, threads: 1 } }, b: {} }, { metric: "api.util", until: "1s" });
// error: This comparison appears to be unintentional because the types '"a" | "b" | "undecided"' and '"c"' have no overlap.
compare(shop, { a: {}, b: {} }, { metric: "api.util", until: "1s" }).then((trial) => trial.best === "c");
