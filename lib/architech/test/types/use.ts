// What must compile: the whole language once, as a person would write it.
import { badDeployment, breaker, bursts, type CustomFunction, type CustomRequest, cache, call, classes, compare, concurrency, constant, cpu, crash, custom, type Distribution, type Duration, database, dot, type Ending, either, empirical, erlang, errors, exponential, fail, gamma, gateway, group, hedge, hop, hpa, job, keda, limiter, lineY, log, lognormal, mixture, model, outage, parallel, pareto, partition, pause, pauses, plot, profile, publish, queue, readTrace, repeat, retry, retryBudget, ruleY, type Scale, type Service, schedule, semaphore, service, slow, sweep, type Time, timeout, topic, trace, uniform, wait, weibull, worker } from "architech";
import { api, shop } from "./shop.js";

const n: number = 5;
const either2: Time = n > 3 ? "4ms" : exponential("3s");
const fixed: Duration = `${n}ms`;
const drawn: Distribution = mixture([[9, "4ms"], [1, exponential("80ms")], [0.5, either2]]);
const time: Time = drawn;
export const times = [
  cpu(fixed), cpu(either2), cpu(time), wait(`${n}us`), wait(constant("3s")), cpu(uniform("1ms", fixed)), cpu(erlang({ shape: 3, mean: "4ms" })),
  cpu(lognormal({ mean: "9ms", sigma: 0.5 })), cpu(lognormal({ mean: "9ms", p50: "4ms" })), cpu(lognormal({ mean: "9ms", p999: "90ms" })),
  cpu(gamma({ shape: 0.5, mean: "4ms" })), cpu(weibull({ shape: 2, mean: fixed })),
  cpu(pareto({ min: "1ms", alpha: 1.5 })), cpu(empirical(["1ms", "2ms", "30ms"])), cpu("1e3us"), cpu(".5ms"),
];

const letters = queue();
const store = database({ connections: n, read: time, write: "2ms" });
const near = cache({ get: "80us", put: "0.1ms", hitRatio: "85%", fronts: store });
/** Two services that call each other: the annotation breaks the circle of inference, the branch ends that of calls. */
const billing: Service<"charge"> = service({ ops: { charge: [cpu("1ms"), either([[0.9, []], [0.1, [call(() => front, "one")]]])] } });
const front = service({
  replicas: 4, threads: 16, cores: 2, balance: { choices: 2 }, queue: { capacity: 100, order: "lifo" },
  ops: { one: [near.get(), near.get({ miss: [] }), near.put(), billing.call("charge"), parallel([store.read()], [store.read(), wait("1ms")])] },
});
const shipper = worker({ takes: letters, replicas: 2, threads: 4, work: [cpu("1ms"), retry({ times: 3, backoff: "10ms", growth: "exponential", cap: "1s", jitter: "50%" }, [store.write()])] });
export const small = model({ front, billing, letters, near, shipper, store }, { to: front, rate: "5rps" }, { name: "small", faults: [outage(store, { at: "60s", for: "10s", requests: "refuse" })], layout: { store: { x: 1, y: 2 } }, groups: { stores: { nodes: ["near"], groups: { slow: { nodes: ["store"] } } } } });
export const rising = model({ api, ...shopNodes() }, { to: api, rate: profile([["0s", "10rps"], [`${n}min`, "300rps"]], { repeat: true }), mix: { browse: 9, buy: 1 } }).with({ traffic: { rate: profile([["0s", "5rps"]], { steps: true }) } });
export const closed = model({ api, ...shopNodes() }, { to: api, users: 50, think: exponential("2s"), mix: { browse: 9, buy: 1 } });
export const steps = service({ ops: { all: [publish(letters), letters.put(), repeat(3, [cpu("1ms")]), timeout("2s", [store.read()]), fail(0.01), fail("1%"), retry({ times: 0, backoff: fixed, jitter: 1 }, [fail()])] } });

const grave = queue();
const parcels = queue({ capacity: 100, visibility: fixed, backoff: "1s", maxReceives: n, deadLetter: grave, delay: "5s" });
const sold = log({ partitions: 12, retention: "24h" });
const news = topic({ to: [parcels, sold] });
const nightly = job({ every: "1h", offset: "5min", jitter: "30s", overlap: false, steps: [news.put(), publish(sold), store.read()] });
const packer = worker({ takes: parcels, work: [store.write()], batch: { max: 10, wait: fixed, each: exponential("3ms") } });
const biller = worker({ takes: sold, group: "billing", replicas: 3, rebalance: "3s", work: "5ms" });
const seller = service({ ops: { sell: [sold.append(), parcels.put(), publish(news)] } });
export const messages = model({ grave, parcels, sold, news, nightly, packer, biller, seller, store }, { to: seller, rate: "9rps" })
  .with({ parcels: { visibility: "9s", maxReceives: 2 }, sold: { partitions: 3 }, biller: { rebalance: "1s", batch: { max: 9, wait: "1s" } }, nightly: { every: "2h" } });
messages.run({ until: "1s" }).then((r) => r.estimate("biller.lag.max").mean + r.estimate("parcels.dead").mean + r.estimate("nightly.rejected").mean + r.estimate("sold.wait.p99").mean + r.estimate("news.rate").mean);

const mails = queue();
const grows: Scale = hpa({
  min: 2, max: n, target: { cpu: "60%", cores: 0.5, concurrency: 10, rate: "50rps", queue: { of: mails, average: 20 } }, startup: exponential("20s"),
  up: { stabilization: "30s", policies: [{ pods: 4, period: "15s" }, { percent: 100, period: "1min" }], select: "min" }, down: { select: "disabled", tolerance: "5%" }, sync: "15s", tolerance: 0.05, cpuInitialization: "5min",
});
export const scaled = model(
  {
    front: service({ scale: grows, threads: 8, cost: { replicaHour: 0.12, request: 4e-7, gbMoved: 0.09, moved: "20KB" }, ops: { one: [store.read(), mails.put()] } }),
    packer: worker({ takes: mails, scale: keda({ min: 1, max: 30, idle: 0, lag: 20, inFlight: false, activation: 5, polling: "30s", cooldown: "5min", initialCooldown: "1min" }), work: "1s" }),
    sender: worker({ takes: mails, replicas: 2, scale: schedule([["0h", 2], ["8h", n], ["9h", { replicas: 3, threads: 16 }]], { repeat: "24h", startup: "1min" }), work: "1s" }),
    sold, clerk: worker({ takes: sold, scale: keda({ lag: 10, queue: sold, idleConsumers: true }), work: "1s" }), mails, store,
  },
  { to: front, rate: "5rps" },
).with({ front: { scale: hpa({ max: 4, target: { cpu: 0.5 } }), cost: { replicaHour: 0.2 } }, packer: { scale: keda({ lag: 5, queue: "mails" }) }, store: { cost: { gbHour: 0.0002, stored: "200GB" } } });
void scaled.run({ until: "1h" }).then((run) => run.estimate("front.cost").mean + run.estimate("traffic.cost").mean + run.estimate("packer.replicas").mean);
const quota = limiter({ rate: `${n}rps`, burst: 3, wait: "20ms", reserved: [{ priority: 1, share: 0.2 }] });
const fuse = breaker({ window: "10s", failureRate: "50%", slow: fixed, slowRate: 0.8, openFor: "5s", probes: 3 });
const pool = semaphore({ permits: n, queue: { capacity: 0, order: "edf" } });
const gate = concurrency({ algorithm: "gradient", tolerance: 2 });
const budget = retryBudget({ ratio: "20%" });
const guarded = service({
  cores: 2, scheduling: "ps", threads: 8, queue: { order: "adaptive-lifo", switchAt: 3, codel: { target: "5ms", interval: fixed } },
  ops: { go: [quota.take(), fuse.guard([pool.guard([gate.guard([timeout("1s", [store.read()], { cancel: true })])])]), hedge({ after: "5ms", times: 2, cancel: true }, [retry({ times: 1, backoff: "1ms", jitter: "decorrelated", budget }, [store.read()])])] },
});
export const protectedSystem = model({ guarded, quota, fuse, pool, gate, budget, store, spare: breaker({ window: 20, openFor: "1s" }) }, { to: guarded, rate: "5rps" })
  .with({ quota: { rate: "10rps" }, fuse: { window: 10, failureRate: "20%" }, pool: { permits: 3 }, gate: { algorithm: "aimd", slow: "1s" }, budget: { ratio: 0.5 }, guarded: { scheduling: "srpt" } });
plot({ marks: [dot(sweep(protectedSystem, { n: [1] }, () => ({}), { until: "1s" }), { x: "fuse.open", y: "gate.limit.mean" })] });

const items = database({
  connections: n, read: time, write: "2ms", queue: { capacity: 100, maxWait: "200ms" },
  replicas: { count: 2, reads: "replica", lag: exponential("20ms"), sync: 1, readYourWrites: true }, shards: { count: 8, by: "hash" },
});
const ring = database({ connections: 5, read: "1ms", write: "2ms", quorum: { copies: 3, read: 2, write: 2 }, shards: { count: n } });
const growing = database({ connections: 5, read: "1ms", write: "2ms", shards: { count: 4, reshard: { to: 5, at: "60s", slots: 40, copy: exponential("200ms"), block: fixed, writes: "refuse", pause: "10ms" } } });
const hot = cache({ get: "80us", put: time, entries: 10_000, evict: "slru", ttl: "60s", ttlJitter: "10%", softTtl: fixed, singleFlight: true, warm: true, fronts: items, write: "behind", writeAfter: "1s" });
const shelf = service({ ops: { look: [hot.get(), hot.get({ miss: [ring.read()] }), hot.put(), ring.write(), growing.write()] } });
const stored = model({ shelf, hot, items, ring, growing }, { to: shelf, rate: "5rps", keys: { count: 1_000, skew: 0.9 } })
  .with({ hot: { entries: 5, evict: "lfu", ttl: "1s", ttlJitter: 0.5, softTtl: "500ms", singleFlight: false, warm: false, write: "through" }, items: { replicas: { count: 1, lag: "5ms" }, shards: { count: 3, by: "range" } }, ring: { quorum: { copies: 5, read: 1, write: 5 } }, growing: { shards: { count: 4, reshard: { to: 8, at: "1min", copy: "1s" } } } });
stored.run({ until: "1s" }).then((result) => result.estimate("hot.stale.ratio").mean + result.estimate("items.hot.latency.p99").mean + result.estimate("hot.evictions").mean + result.estimate("growing.moved.ratio").mean);

const classed = model(
  { api, ...shopNodes() },
  classes({
    gold: { to: api, rate: "20rps", mix: { browse: 9, buy: 1 }, priority: 2, keys: { count: n, skew: 0.9 } },
    free: { to: api, rate: bursts([["10rps", "1s"], ["90rps", fixed]]), batch: { mean: 3 }, mix: { browse: 9, buy: 1 } },
    crawlers: { to: api, sessions: `${n}rps`, requests: 30, think: exponential("2s"), mix: { browse: 9, buy: 1 } },
    staff: { to: api, users: 3, think: "1s", mix: { browse: 1, buy: 1 }, weight: 0.5 },
  }),
).with({ traffic: { gold: { rate: "30rps", priority: 3 }, staff: { users: n } } });
export const replayed = model({ api, ...shopNodes() }, { to: api, rate: trace([0, 1, 5], { ops: ["buy", "buy", "browse"], repeat: "1s" }), mix: { browse: 1, buy: 1 } })
  .with({ traffic: { rate: readTrace("t,op\n0,buy", { op: "op" }), keys: { count: 3 } } });
export const visits = model({ api, ...shopNodes() }, { to: api, sessions: profile([["0s", "1rps"]]), requests: 3, think: "1s", mix: { browse: 1, buy: 1 } }).with({ traffic: { requests: 4 } });
classed.run({ until: "1s" }).then((result) => result.estimate("traffic.gold.buy.latency.p99").mean + result.estimate("traffic.free.rate").mean);

export const placed = model({ api, ...shopNodes() }, { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } }, {
  network: {
    zones: { a: { region: "eu", nodes: [api] }, b: { nodes: [store] } },
    latency: { zone: "0.1ms", world: exponential("40ms") },
    hops: [hop(api, store, { latency: fixed, bandwidth: "10Gbps", request: "2KB", response: "1MiB", loss: "1%", retransmit: "200ms" }), hop("traffic", api, { latency: "15ms" })],
  },
  faults: [
    crash("a", { mtbf: "1h", mttr: fixed }), slow(store, { by: 3, at: "1s", for: "5s" }), errors(api, { probability: "5%", at: "1s", for: "5s" }), pause(store, { at: "1s", for: "5s" }),
    pauses(api, { every: exponential("10s"), for: "80ms" }), partition("a", store, { at: "1s", for: "1s", requests: "refuse" }), outage("b", { at: "1s", for: "1s" }), ...badDeployment(api, { at: "5s", for: "1min", slow: 2, errors: 0.1 }),
  ],
});

const cell = (connections: number) => {
  const data = database({ connections, read: "4ms", write: "9ms" });
  return group({ door: service({ ops: { enter: [data.read()] } }), data });
};
const [left, right] = [cell(n), cell(9)];
const entrance = service({ ops: { go: [left.door.call("enter"), right.door.call("enter")] } });
export const grouped = model({ entrance, left, right }, { to: entrance, rate: "5rps" }).with({ "left-data": { connections: 3 } });
grouped.run({ until: "1s" }).then((result) => result.estimate("right-door.enter.latency.p99").mean + result.estimate("entrance.rate").mean);

function shopNodes() {
  return { store };
}

const changed = shop.with({ orders: { connections: 40, read: exponential("3ms") }, api: { balance: "least-connections", replicas: n }, sessions: { hitRatio: "90%" }, traffic: { rate: `${n}rps`, mix: { buy: 2 } } });
closed.with({ traffic: { users: 10, think: "1s" } }).with({});

const load = sweep(
  changed,
  { rps: [100, 200, 400, 800], connections: [10, 20, 40], balance: ["random", "round-robin"] },
  ({ rps, connections, balance }) => (rps > 300 ? { traffic: { rate: `${rps}rps` }, orders: { connections }, api: { balance } } : { traffic: { rate: `${rps * 2}rpm` } }),
  { until: "10min", warmup: "auto", runs: 5, seed: 7, halfWidth: "2%", metric: "api.latency.p99", every: "1s", confidence: 0.99 },
);
plot({ marks: [lineY(load, { x: "rps", y: "api.latency.p99", stroke: "connections" }), lineY(load.watch("orders.util"), { x: "rps", y: "orders.util", stroke: "balance" })] });

export async function results(): Promise<number> {
  for await (const now of shop.run({ until: "1h", every: "1s" }).watch("emails.depth.mean", "api.browse.latency.p99")) if (now["emails.depth.mean"] > 4_000 || now.t > 3) break;
  const calm = await shop.run({ until: "5min", warmup: "1min", method: "recursion", device: "gpu" });
  const metric: "api.util" | "orders.util" = n > 3 ? "api.util" : "orders.util";
  const table: string = calm.table("api.latency.p99", "traffic.errors", "traffic.buy.latency.p50", "sessions.hit.ratio");
  for (const row of await load) if (row.rps === 800 && row["orders.util.low"] > 0.9) return row.runs;
  return calm.estimate(metric).mean + calm.values("mailer.util").length + table.length;
}

const trial = compare(
  shop,
  { roundRobin: { api: { balance: "round-robin" } }, leastBusy: { api: { balance: "least-connections" } }, asIs: {} },
  { metric: "api.latency.p99", confidence: 0.95, halfWidth: "2%", until: "20min", warmup: "2min", seed: 1 },
);
plot({ marks: [ruleY(trial, { y: "scenario", x1: "low", x2: "high" }), dot(trial, { y: "scenario", x: "mean" })] });
export const better: PromiseLike<boolean> = trial.then(({ best, difference }) => best === "leastBusy" && difference.low > 3);

export const readAndChanged = model.from({}).with({ api: { threads: 9 }, traffic: { rate: "7rps" } }).diff(shop).map(({ at, before, after }) => `${at}: ${before} is ${after}`);
/** A model read from a file has names that no type knows. */
export const read = model.from({}).run({ until: "1s" }).watch("anything.util");
void model.from({}).run({ until: "1s" }).then((r) => r.estimate("traffic.timeouts").mean + r.estimate("any.browse.rate").mean + r.estimate(`any${n}.util`).mean);
void shop.run({ until: "1s" }).then((r) => { r.table(...(["api.rate", "traffic.inside"] as const)); r.table(); r.table(...r.metrics); for (const name of r.metrics) r.estimate(name); });
const blue = service({ replicas: n, balance: { by: "ewma", decay: "5s", slowStart: "30s", ejection: { failures: 5, for: "30s", most: 0.5 } }, ops: { serve: [cpu("1ms")], admin: [] } });
const fn = service({ threads: 9, coldStart: { time: exponential("300ms"), idle: `${n}min` }, ops: { run: [cpu("1ms")] } });
void model({ fn }, { to: fn, rate: "1rps" }).with({ fn: { coldStart: { time: "1s", idle: "1h" } } }).run({ until: "1s" }).then((r) => r.estimate("fn.cold.ratio"));
const green = service({ replicas: 2, threads: 4, balance: { choices: 2, stale: `${n}ms` }, ops: { serve: [cpu("1ms")] } });
const local = gateway({ to: [blue, green], balance: { by: "round-robin", weights: [9, 1], sticky: "10min" }, nearest: true, health: { every: "5s", timeout: "1s", down: 2, up: 1 }, lookup: exponential("20ms"), cost: { request: 1e-6 } });
const edge = gateway({ to: [local, green], balance: "first" });
const caller = service({ ops: { go: [local.call("serve"), call(() => edge, "serve")] } });
export const balanced = model({ blue, green, local, edge, caller }, { to: edge, rate: "9rps", keys: { count: 100 } }, { network: { zones: { a: { nodes: [local, blue] }, b: { nodes: [green] } } }, faults: [outage(blue, { at: "1s", for: "1s" })] })
  .with({ edge: { balance: { by: "least-connections", choices: 1 }, health: { every: "1s" } }, local: { lookup: "5ms", nearest: false }, blue: { balance: "idle" } });
void balanced.run({ until: "1s" }).then((r) => r.estimate("edge.serve.latency.p99").mean + r.estimate("local.ejections").mean + r.estimate("traffic.serve.rate").mean);

const leases = (): { holder: number; until: number } => ({ holder: 0, until: 0 });
const both: CustomFunction<"ask" | "undo"> = function* (request) { const ending: Ending = yield "ask"; if (ending === "failed") yield request.leftMs > 5 ? "undo" : "0ms"; return ending; };
const given = (request: CustomRequest<{ holder: number }>): number | undefined => request.key ?? request.priority + request.state.holder;
export const decided = service({ ops: { all: [
  custom("pause", function* () { yield "5ms"; yield time; yield `${n}ms`; yield exponential(fixed); }),
  custom("nothing", function* () {}),
  custom("poll", { steps: { ask: [store.read()] } }, function* () { while ((yield "ask") === "failed") yield "1s"; }),
  custom("both", { steps: { ask: [store.read(), wait("1ms")], undo: [] } }, both),
  custom("lease", { state: leases, steps: { work: [store.write()] } }, function* (request) {
    while (request.state.until > request.nowMs) yield `${request.state.until - request.nowMs}ms`;
    request.state.holder = given(request) ?? 0;
    request.state.until = request.nowMs + request.draw(exponential("5ms")) + request.draw("1ms") * request.random();
    try { return yield "work"; } finally { request.state.until = 0; }
  }),
  custom("refuse", { state: () => ({ busy: 0 }) }, function* ({ state, class: of, node }) { yield "1ms"; return state.busy > 4 && of !== node ? "failed" : "ok"; }),
] } });
model({ decided, store }, { to: decided, rate: "5rps" }).run({ until: "1s" });
