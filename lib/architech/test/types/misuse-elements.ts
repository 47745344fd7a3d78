// What the compiler refuses in elements and steps: each line with the words that its message holds.
import { breaker, cache, call, concurrency, cpu, crash, database, either, exponential, fail, gateway, hedge, hop, hpa, job, keda, limiter, log, outage, parallel, publish, queue, repeat, retry, retryBudget, schedule, semaphore, service, slow, timeout, topic, worker } from "architech";
import { api, emails, mailer, orders, sessions } from "./shop.js";

// error: '5msec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
database({ connections: 1, read: "5msec", write: "1ms" });
// error: 'red' does not exist in type 'DatabaseSettings<TimeLike, TimeLike, Time>'. Did you mean to write 'read'?
database({ connections: 1, red: "5ms", write: "1ms" });
// error: 'connection' does not exist in type 'DatabaseSettings<TimeLike, TimeLike, Time>'. Did you mean to write 'connections'?
database({ connection: 1, read: "5ms", write: "1ms" });
// error: Type 'string' is not assignable to type 'number'.
database({ connections: "20", read: "5ms", write: "1ms" });
// error: Property 'write' is missing
database({ connections: 1, read: "5ms" });
// error: '0.5' is not a ratio: write 0 to 1, or a percentage as in '85%'
cache({ get: "1ms", hitRatio: "0.5" });
// error: Type 'Queue' is missing the following properties from type 'Database': read, write
cache({ get: "1ms", hitRatio: 0.5, fronts: emails });
// error: 'policy' does not exist in type 'QueueSettings<TimeLike, TimeLike, TimeLike>'.
queue({ capacity: 1, policy: "fifo" });
// error: Type 'Database' is not assignable to type 'Queue | Log'.
worker({ takes: orders, replicas: 1, work: "1ms" });
// error: '1msec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
worker({ takes: emails, work: "1msec" });
// error: Type 'Database' is not assignable to type 'Step'.
worker({ takes: emails, work: [orders] });
// error: 'thread' does not exist in type 'ServiceSettings<"get">'. Did you mean to write 'threads'?
service({ thread: 4, ops: { get: [cpu("1ms")] } });
// error: Type 'Step' is missing the following properties from type 'readonly Step[]': length, concat, join, slice, and 26 more.
service({ ops: { get: cpu("1ms") } });
// error: Type 'Database' is not assignable to type 'Step'.
service({ ops: { get: [orders] } });
// error: Property 'read' does not exist on type 'Queue'.
service({ ops: { get: [emails.read()] } });
// error: browse" | "buy"'.
service({ ops: { get: [api.call("brwose")] } });
// error: browse" | "buy"'.
service({ ops: { get: [call(() => api, "brwose")] } });
// error: Argument of type 'Service<"browse" | "buy">' is not assignable to parameter of type '() => Callable<string>'.
service({ ops: { get: [call(api, "browse")] } });
// error: Type '"least-connection"' is not assignable to type 'Balance'. Did you mean '"least-connections"'?
service({ balance: "least-connection", ops: { get: [] } });
// error: 'choice' does not exist in type 'Balancing'. Did you mean to write 'choices'?
service({ balance: { choice: 2 }, ops: { get: [] } });
// error: Property 'put' is missing
service({ ops: { get: [publish(orders)] } });
// error: Property 'raed' does not exist on type 'Database'.
orders.raed();
// error: 'mis' does not exist in type '{ readonly miss: Steps; }'. Did you mean to write 'miss'?
sessions.get({ mis: [orders.read()] });
// error: Property 'put' does not exist on type 'Worker'.
mailer.put();
// error: '50' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
retry({ times: 2, backoff: "50" }, [orders.write()]);
// error: a fixed duration is needed, not a distribution
retry({ times: 2, backoff: exponential("50ms") }, [orders.write()]);
// error: 'half' is not a ratio: write 0 to 1, or a percentage as in '85%'
retry({ times: 2, backoff: "50ms", jitter: "half" }, [orders.write()]);
// error: '"linear"' is not assignable to type
retry({ times: 2, backoff: "50ms", growth: "linear" }, [orders.write()]);
// error: Property 'times' is missing
retry({ backoff: "50ms" }, [orders.write()]);
// error: Type 'Step' is not assignable to type 'string'.
timeout([orders.write()], "5s");
// error: '5sec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
timeout("5sec", [orders.write()]);
// error: Type '[Step]' is not assignable to type 'number'.
either([[[orders.read()], 0.5]]);
// error: Argument of type 'Step' is not assignable to parameter of type 'Steps'.
parallel(orders.read(), orders.read());
// error: Argument of type 'string' is not assignable to parameter of type 'number'.
repeat("3", [orders.read()]);
// error: '10 percent' has a space: write '85%', or 0 to 1
fail("10 percent");
// error: '60' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
outage(orders, { at: "60", for: "10s" });
// error: '10' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
crash("zone", { mtbf: "10", mttr: "1s" });
// error: Argument of type 'string' is not assignable to parameter of type 'Node'.
slow("orders", { by: 2, at: "60s", for: "10s" });
// error: '"10Gb"' is not assignable to type
hop(api, orders, { bandwidth: "10Gb" });
// error: Type '"newest"' is not assignable to type 'LineOrder | undefined'.
service({ threads: 1, queue: { order: "newest" }, ops: { go: [cpu("1ms")] } });
// error: Type 'number' has no properties in common with type 'LineDocument'.
database({ connections: 1, read: "1ms", write: "1ms", queue: 100 });
// error: Property 'max' is missing
service({ scale: hpa({ min: 2, target: { cpu: "60%" } }), ops: { get: [] } });
// error: Type '"60"' is not assignable to type 'Ratio'.
hpa({ max: 5, target: { cpu: "60" } });
// error: 'memory' does not exist in type 'HpaTarget'.
hpa({ max: 5, target: { memory: "60%" } });
// error: '"fast"' is not assignable to type
hpa({ max: 5, target: { rate: "5rps" }, up: { select: "fast" } });
// error: Property 'append' is missing in type 'Database' but required in type 'Log'.
hpa({ max: 5, target: { queue: { of: orders, average: 5 } } });
// error: 'threshold' does not exist in type 'KedaSettings'.
keda({ max: 5, threshold: 20 });
// error: Type 'number' is not assignable to type '`${number}us`
keda({ lag: 20, cooldown: 300 });
// error: Type 'string' is not assignable to type 'number | ReplicaSize'.
schedule([["0h", "2"]]);
// error: 'min' does not exist in type 'Scale'.
worker({ takes: emails, scale: { min: 1 }, work: "1ms" });
// error: 'scale' does not exist in type 'DatabaseSettings<"5ms", "1ms", Time>'.
database({ connections: 1, read: "5ms", write: "1ms", scale: keda({ lag: 5 }) });
// error: 'perHour' does not exist in type 'Cost'.
queue({ cost: { perHour: 5 } });
// error: Type '"20kb"' is not assignable to type
service({ cost: { gbMoved: 0.1, moved: "20kb" }, ops: { get: [] } });
// error: '5' is not a rate: write a number and rps, rpm or rph, as in '120rps'
limiter({ rate: "5" });
// error: '1sec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
breaker({ window: "1sec", openFor: "1s" });
// error: '2' is not a ratio: write 0 to 1, or a percentage as in '85%'
breaker({ failureRate: "2", openFor: "1s" });
// error: 'permit' does not exist in type 'SemaphoreSettings'. Did you mean to write 'permits'?
semaphore({ permit: 3 });
// error: '"bbr"' is not assignable to type '"aimd" | "vegas" | "gradient"'.
concurrency({ algorithm: "bbr" });
// error: Property 'guard' does not exist on type 'Limiter'.
limiter({ rate: "5rps" }).guard([orders.read()]);
// error: '5 ms' has a space: write a number and its unit without one, as in '4ms'
hedge({ after: "5 ms" }, [orders.read()]);
// error: Type 'Database' is not assignable to type 'RetryBudget'.
retry({ times: 2, backoff: "50ms", budget: orders }, [orders.write()]);
// error: Type 'true' has no properties in common with type 'CancelSettings'.
timeout("5s", [orders.write()], true);
// error: '200' is not a ratio: write 0 to 1, or a percentage as in '85%'
retryBudget({ ratio: "200" });
// error: '60' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
cache({ get: "1ms", entries: 100, ttl: "60" });
// error: a fixed duration is needed, not a distribution
cache({ get: "1ms", entries: 100, softTtl: exponential("1s") });
// error: Type '"mru"' is not assignable to type 'Eviction | undefined'.
cache({ get: "1ms", entries: 100, evict: "mru" });
// error: Type 'string' is not assignable to type 'number'.
cache({ get: "1ms", entries: "100" });
// error: Type '"back"' is not assignable to type '"around" | "through" | "behind" | undefined'.
cache({ get: "1ms", entries: 100, write: "back" });
// error: '10 ms' has a space: write a number and its unit without one, as in '4ms'
database({ connections: 1, read: "1ms", write: "1ms", replicas: { count: 2, lag: "10 ms" } });
// error: Type '"replicas"' is not assignable to type '"primary" | "replica" | "any" | undefined'.
database({ connections: 1, read: "1ms", write: "1ms", replicas: { count: 2, reads: "replicas" } });
// error: Property 'write' is missing in type
database({ connections: 1, read: "1ms", write: "1ms", quorum: { copies: 3, read: 2 } });
// error: Type '"key"' is not assignable to type '"hash" | "range" | undefined'.
database({ connections: 1, read: "1ms", write: "1ms", shards: { count: 4, by: "key" } });
// error: Type '"60"' is not assignable to type
database({ connections: 1, read: "1ms", write: "1ms", shards: { count: 4, reshard: { to: 5, at: "60", copy: "1ms" } } });
// error: Property 'copy' is missing in type
database({ connections: 1, read: "1ms", write: "1ms", shards: { count: 4, reshard: { to: 5, at: "60s" } } });
// error: '30' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
queue({ visibility: "30" });
// error: a fixed duration is needed, not a distribution
queue({ visibility: exponential("30s") });
// error: Property 'put' is missing in type 'Database' but required in type 'Queue'.
queue({ visibility: "30s", maxReceives: 3, deadLetter: orders });
// error: Property 'partitions' is missing
log({});
// error: Property 'put' does not exist on type 'Log'.
log({ partitions: 3 }).put();
// error: is not assignable to type 'Queue | Log'.
topic({ to: [orders] });
// error: Type 'Topic' is not assignable to type 'Queue | Log'.
worker({ takes: topic({ to: [emails] }), work: "1ms" });
// error: '50' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
worker({ takes: emails, work: "1ms", batch: { max: 10, wait: "50" } });
// error: Property 'max' is missing
worker({ takes: emails, work: "1ms", batch: { wait: "50ms" } });
// error: 'grup' does not exist in type
worker({ takes: log({ partitions: 3 }), grup: "billing", work: "1ms" });
// error: Property 'every' is missing
job({ steps: [orders.read()] });
// error: '1hour' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
job({ every: "1hour", steps: [orders.read()] });
// error: Type '"5msec"' is not assignable to type
service({ replicas: 2, balance: { by: "ewma", decay: "5msec" }, ops: { get: [] } });
// error: Type '"1"' is not assignable to type
service({ replicas: 2, balance: { choices: 2, stale: "1" }, ops: { get: [] } });
// error: is not assignable to type 'Callable<any>'
gateway({ to: [orders] });
// error: Argument of type '"sell"' is not assignable to parameter of type '"browse" | "buy"'
gateway({ to: [api] }).call("sell");
// error: Argument of type '"browse"' is not assignable to parameter of type '"buy"'
gateway({ to: [api, service({ ops: { buy: [], sell: [] } })] }).call("browse");
// error: Object literal may only specify known properties, and 'threads' does not exist in type
gateway({ to: [api], threads: 8 });
// error: '30' is not a duration
gateway({ to: [api], health: { every: "30" } });
// error: '1' is not a duration
gateway({ to: [api], health: { timeout: "1" } });
// error: Type '"10"' is not assignable to type
service({ threads: 2, coldStart: { time: "1ms", idle: "10" }, ops: { get: [] } });
