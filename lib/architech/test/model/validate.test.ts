import assert from "node:assert/strict";
import { ArchitechError, type ErrorCode } from "@architech/protocol";
import { validate } from "#src/model/validate.js";
import { document, having } from "./sample.js";

function refused(value: unknown, code: ErrorCode, message: RegExp, path?: readonly (string | number)[]): void {
  assert.throws(
    () => validate(value),
    (error) => {
      assert.ok(error instanceof ArchitechError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      if (path !== undefined) assert.deepEqual(error.path, path);
      return true;
    },
  );
}

const api = ["nodes", "api"] as const;
const browse = [...api, "ops", "browse"] as const;
const time = [...browse, 0, "time"] as const;
const read = ["nodes", "orders", "read"] as const;
const mailer = ["nodes", "mailer"] as const;

describe("validate()", () => {
  it("returns a frozen copy of what it was given, and knows it again", () => {
    const checked = validate(document);
    assert.deepEqual(checked, document);
    assert.ok(Object.isFrozen(checked) && Object.isFrozen(checked.nodes["api"]));
    assert.equal(validate(checked), checked);
  });

  it("refuses a job without a key that comes to what goes by keys", () => {
    const nodes = {
      ...document.nodes,
      kept: { kind: "database", connections: 1, read: "1ms", write: "1ms", shards: { count: 2 } },
      nightly: { kind: "job", every: "1h", steps: [{ do: "call", to: "kept", op: "read" }] },
    };
    const message = /nightly.keys is missing: "kept" has shards, so the job's starts need keys/;
    refused({ ...document, nodes }, "model-invalid", message, ["nodes", "nightly", "keys"]);
    validate({ ...document, nodes: { ...nodes, nightly: { ...nodes.nightly, keys: { count: 10 } } } });
  });

  const misshapen: readonly [string, readonly (string | number)[], unknown, ErrorCode, RegExp][] = [
    ["a version that is not known", ["architech"], 2, "model-invalid", /architech is 2: it can be 1/],
    ["no version", ["architech"], undefined, "model-invalid", /architech is missing/],
    ["a field that it does not know", ["color"], "red", "model-invalid", /color is not a setting of a model: it has/],
    ["a name that is too long", ["name"], "x".repeat(1001), "model-too-large", /has 1001 characters, more than 1000/],
    ["a name that is no text", ["name"], 5, "model-invalid", /name is 5: text is expected/],
    ["no nodes", ["nodes"], {}, "model-invalid", /is empty: at least a node is needed/],
    ["a list of nodes", ["nodes"], [], "model-invalid", /nodes is a list: an object of nodes is expected/],
    [
      "a kind that there is not",
      [...api, "kind"],
      "lambda",
      "model-invalid",
      /api.kind is "lambda": it can be "service"/,
    ],
    ["a node that is text", api, "service", "model-invalid", /api is "service": a node is expected/],
    ["a limiter without a rate", ["nodes", "limit"], { kind: "limiter" }, "model-invalid", /limit.rate is missing/],
    [
      "a window of a bucket",
      ["nodes", "limit"],
      { kind: "limiter", rate: "5rps", window: "1s" },
      "model-invalid",
      /limit.window is given, but "token-bucket" has none/,
    ],
    [
      "a window of less than one request",
      ["nodes", "limit"],
      { kind: "limiter", algorithm: "fixed-window", rate: "5rps", window: "10ms" },
      "model-invalid",
      /limit.window lets 5rps come to less than one request/,
    ],
    [
      "a breaker that never judges",
      ["nodes", "fuse"],
      { kind: "breaker", window: 10, minimum: 20, openFor: "1s" },
      "model-invalid",
      /fuse.minimum is 20, more than the window of 10 calls ever has/,
    ],
    [
      "a window that is nothing",
      ["nodes", "fuse"],
      { kind: "breaker", window: true, openFor: "1s" },
      "model-invalid",
      /fuse.window is true: a window is a whole number from 1 to 1000000, or a number and us/,
    ],
    [
      "a semaphore that knows how long each takes",
      ["nodes", "pool"],
      { kind: "semaphore", permits: 1, queue: { order: "sjf" } },
      "model-invalid",
      /pool.queue has the order "sjf", but a semaphore does not know how long each takes/,
    ],
    [
      "a limit of concurrency outside itself",
      ["nodes", "gate"],
      { kind: "concurrency", algorithm: "aimd", min: 10, initial: 5 },
      "model-invalid",
      /gate.initial is 5, which is not from 10 to 1000/,
    ],
    [
      "a tolerance that nobody looks at",
      ["nodes", "gate"],
      { kind: "concurrency", algorithm: "aimd", tolerance: 2 },
      "model-invalid",
      /gate.tolerance is given, but "aimd" does not look at it/,
    ],
    [
      "adaptive LIFO that never switches",
      [...api, "queue"],
      { order: "adaptive-lifo" },
      "model-invalid",
      /api.queue.switchAt is missing: the order "adaptive-lifo" needs it/,
    ],
    [
      "CoDel where the newest is next",
      [...api, "queue"],
      { order: "lifo", codel: { target: "5ms", interval: "100ms" } },
      "model-invalid",
      /api.queue.codel goes with the orders "fifo" and "adaptive-lifo", not with "lifo"/,
    ],
    [
      "a cache of nothing in particular",
      ["nodes", "near"],
      { kind: "cache", get: "1ms" },
      "model-invalid",
      /near has none of hitRatio, entries: a cache has one/,
    ],
    [
      "a time to live of what hits by chance",
      ["nodes", "near"],
      { kind: "cache", get: "1ms", hitRatio: 0.5, ttl: "1s" },
      "model-invalid",
      /near.ttl is not a setting of a cache: it has kind, get, put, hitRatio, fronts/,
    ],
    [
      "what is never stale",
      ["nodes", "near"],
      { kind: "cache", get: "1ms", entries: 5, ttl: "1s", softTtl: "1s" },
      "model-invalid",
      /near.softTtl is "1s", no less than the ttl "1s": nothing would ever be stale/,
    ],
    [
      "a jitter of no time",
      ["nodes", "near"],
      { kind: "cache", get: "1ms", entries: 5, ttlJitter: 0.1 },
      "model-invalid",
      /near.ttlJitter is given, but there is no ttl to draw it from/,
    ],
    [
      "a write to nowhere",
      ["nodes", "near"],
      { kind: "cache", get: "1ms", entries: 5, write: "through" },
      "model-invalid",
      /near.write is given, but there is no database to write: say which one it fronts/,
    ],
    [
      "a write later than never",
      ["nodes", "near"],
      { kind: "cache", get: "1ms", entries: 5, write: "through", writeAfter: "1s", fronts: "orders" },
      "model-invalid",
      /near.writeAfter is given, but only a cache that writes "behind" writes later/,
    ],
    [
      "more replicas to wait for than there are",
      ["nodes", "orders", "replicas"],
      { count: 2, lag: "1ms", sync: 3 },
      "model-invalid",
      /orders.replicas.sync is 3, but there are 2 replicas/,
    ],
    [
      "a wait for what is there at once",
      ["nodes", "orders", "replicas"],
      { count: 2, sync: 1 },
      "model-invalid",
      /sync is given, but without a lag replicas have every write at once/,
    ],
    [
      "reads of the primary that see what was written",
      ["nodes", "orders", "replicas"],
      { count: 2, lag: "1ms", readYourWrites: true },
      "model-invalid",
      /readYourWrites is given, but the primary reads/,
    ],
    [
      "more answers than copies",
      ["nodes", "orders", "quorum"],
      { copies: 3, read: 4, write: 1 },
      "model-invalid",
      /orders.quorum.read is 4, more than the 3 copies that can answer/,
    ],
    [
      "copies that follow a primary and have none",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        replicas: { count: 1 },
        quorum: { copies: 1, read: 1, write: 1 },
      },
      "model-invalid",
      /db.quorum is given beside replicas: copies either follow a primary or have none/,
    ],
    [
      "more shards than there is room for",
      ["nodes", "db"],
      { kind: "database", connections: 1, read: "1ms", write: "1ms", replicas: { count: 50 }, shards: { count: 1000 } },
      "model-invalid",
      /db.shards come to 51000 copies in all, more than 10000/,
    ],
    [
      "a resharding to as many shards",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        shards: { count: 4, reshard: { to: 4, at: "1s", copy: "1ms" } },
      },
      "model-invalid",
      /db.shards.reshard goes to 4 shards, as many as there are: nothing would move/,
    ],
    [
      "slots that shards cannot share",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        shards: { count: 4, reshard: { to: 5, at: "1s", copy: "1ms", slots: 10 } },
      },
      "model-invalid",
      /db.shards.reshard has 10 slots, which 4 shards cannot share evenly/,
    ],
    [
      "fewer slots than shards",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        shards: { count: 2, reshard: { to: 5, at: "1s", copy: "1ms", slots: 4 } },
      },
      "model-invalid",
      /db.shards.reshard has 4 slots for 5 shards: some would have none/,
    ],
    [
      "more slots than there is room for",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        shards: { count: 500, reshard: { to: 501, at: "1s", copy: "1ms" } },
      },
      "model-invalid",
      /db.shards.reshard comes to 500 × 501 slots, more than 65536: give slots/,
    ],
    [
      "a copying that takes nothing",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        shards: { count: 4, reshard: { to: 5, at: "1s", copy: "0ms" } },
      },
      "model-invalid",
      /db.shards.reshard copies a slot in 0ms: more than 0 is needed/,
    ],
    [
      "writes that fail without a block",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        shards: { count: 4, reshard: { to: 5, at: "1s", copy: "1ms", writes: "refuse" } },
      },
      "model-invalid",
      /db.shards.reshard says what happens to writes, but without a block nothing does/,
    ],
    [
      "a resharding of what has no primary",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        quorum: { copies: 3, read: 2, write: 2 },
        shards: { count: 4, reshard: { to: 5, at: "1s", copy: "1ms" } },
      },
      "model-invalid",
      /db.shards reshard beside a quorum: what moves needs a primary/,
    ],
    [
      "a resharding to more copies than there is room for",
      ["nodes", "db"],
      {
        kind: "database",
        connections: 1,
        read: "1ms",
        write: "1ms",
        replicas: { count: 50 },
        shards: { count: 10, reshard: { to: 1000, at: "1s", copy: "1ms" } },
      },
      "model-invalid",
      /db.shards come to 51000 copies in all, more than 10000/,
    ],
    [
      "a line by priority with an end to waits",
      [...api, "queue"],
      { order: "priority", maxWait: "1s" },
      "model-invalid",
      /api.queue.maxWait goes with the orders "fifo", "lifo" and "adaptive-lifo", not with "priority"/,
    ],
    ["a node with a dot in its name", ["nodes", "a.b"], { kind: "queue" }, "name-invalid", /"a\.b" cannot name a node/],
    ["zero replicas", [...api, "replicas"], 0, "model-invalid", /api.replicas is 0: write a whole number from 1/],
    ["half a thread", [...api, "threads"], 0.5, "model-invalid", /api.threads is 0.5: write a whole number/],
    ["replicas that are text", [...api, "replicas"], "3", "model-invalid", /api.replicas is "3": write a whole number/],
    ["threads that are no number", [...api, "threads"], Number.NaN, "model-invalid", /api.threads is NaN/],
    [
      "more choices than replicas",
      [...api, "balance"],
      { choices: 4 },
      "model-invalid",
      /has 4 choices among 3 replicas/,
    ],
    [
      "cold starts beside a scaler",
      ["nodes", "edge"],
      {
        kind: "service",
        threads: 1,
        coldStart: { time: "1s", idle: "1min" },
        scale: { by: "keda", concurrency: 1 },
        ops: { run: [] },
      },
      "model-invalid",
      /coldStart is given beside scale/,
    ],
    [
      "cold starts of nobody knows how many",
      ["nodes", "edge"],
      { kind: "service", coldStart: { time: "1s", idle: "1min" }, ops: { run: [] } },
      "model-invalid",
      /coldStart is given, but without a limit of threads/,
    ],
    [
      "more reserved than there is",
      ["nodes", "edge"],
      {
        kind: "limiter",
        rate: "1rps",
        burst: 5,
        reserved: [
          { priority: 1, share: 0.7 },
          { priority: 2, share: 0.4 },
        ],
      },
      "model-invalid",
      /edge.reserved comes to 1.1 in all: there is 1 to share/,
    ],
    [
      "a share of one token",
      ["nodes", "edge"],
      { kind: "limiter", rate: "1rps", reserved: [{ priority: 1, share: 0.5 }] },
      "model-invalid",
      /reserved is given, but the bucket holds 1: set a burst/,
    ],
    ["no way to balance", [...api, "balance"], { weights: [1, 2, 3] }, "model-invalid", /balance.by is given neither/],
    [
      "weights for others",
      [...api, "balance"],
      { by: "random", weights: [1] },
      "model-invalid",
      /1 weights for 3 replicas/,
    ],
    [
      "old loads that nobody looks at",
      [...api, "balance"],
      { by: "round-robin", stale: "1s" },
      "model-invalid",
      /stale is given, but means nothing to "round-robin": it goes with least-connections, idle/,
    ],
    ["a bound below the average", [...api, "balance"], { by: "ring", bound: 1 }, "model-invalid", /bound is 1: /],
    [
      "keys that nobody has",
      [...api, "balance"],
      "ring",
      "model-invalid",
      /traffic.keys is missing: "api" balances by key/,
    ],
    [
      "a gateway in front of a database",
      ["nodes", "edge"],
      { kind: "gateway", to: ["orders"], ops: ["read"] },
      "wiring-invalid",
      /edge.to\[0\] is "orders", a database: a service or gateway is needed/,
    ],
    [
      "a gateway with an operation that one lacks",
      ["nodes", "edge"],
      { kind: "gateway", to: ["api"], ops: ["browse", "sell"] },
      "operation-unknown",
      /edge.ops\[1\] is "sell", which "api" does not have: browse, buy/,
    ],
    [
      "a gateway that has one twice",
      ["nodes", "edge"],
      { kind: "gateway", to: ["api", "api"], ops: ["browse"] },
      "wiring-invalid",
      /edge.to\[1\] is "api" once more/,
    ],
    [
      "a gateway in front of itself",
      ["nodes", "edge"],
      { kind: "gateway", to: ["edge"], ops: ["browse"] },
      "cycle-endless",
      /never ends/,
    ],
    [
      "a look that takes longer than until the next",
      ["nodes", "edge"],
      { kind: "gateway", to: ["api"], ops: ["browse"], health: { every: "2s", timeout: "3s" } },
      "model-invalid",
      /edge.health.timeout is 3s, longer than the 2s from one look to the next/,
    ],
    [
      "a gateway in no zone with others that are near",
      ["nodes", "edge"],
      { kind: "gateway", to: ["api"], ops: ["browse"], nearest: true },
      "wiring-invalid",
      /edge.nearest is set, but the gateway stands in no zone/,
    ],
    [
      "a queue where nothing waits",
      api,
      { kind: "service", queue: { capacity: 5 }, ops: { browse: [], buy: [] } },
      "model-invalid",
      /api.queue is given, but without a limit of threads nothing waits/,
    ],
    [
      "a queue of less than nothing",
      [...api, "queue"],
      { capacity: -1 },
      "model-invalid",
      /api.queue.capacity is -1: write a whole number from 0/,
    ],
    [
      "more replicas than scale allows",
      [...api, "scale"],
      { by: "hpa", max: 2, target: { cpu: 0.5 } },
      "model-invalid",
      /api.replicas is 3, more than the 2 that scale allows/,
    ],
    [
      "a way to scale that there is not",
      [...api, "scale"],
      { by: "vpa" },
      "model-invalid",
      /api.scale.by is "vpa": it can be "hpa", "keda", "schedule"/,
    ],
    [
      "an HPA that aims at nothing",
      [...api, "scale"],
      { by: "hpa", max: 5, target: {} },
      "model-invalid",
      /api.scale.target.cpu is missing, and so is every other/,
    ],
    [
      "an HPA without a maximum",
      [...api, "scale"],
      { by: "hpa", target: { cpu: 0.5 } },
      "model-invalid",
      /api.scale.max is missing/,
    ],
    [
      "a maximum below the minimum",
      [...api, "scale"],
      { by: "hpa", min: 6, max: 5, target: { cpu: 0.5 } },
      "model-invalid",
      /api.scale.min is 6, more than max 5/,
    ],
    [
      "an HPA that would never come back",
      [...api, "scale"],
      { by: "hpa", min: 0, max: 5, target: { cpu: 0.5 } },
      "model-invalid",
      /only a queue can be read/,
    ],
    [
      "an HPA on the cores of what has no limit of them",
      api,
      { kind: "service", scale: { by: "hpa", max: 5, target: { cpu: 0.5 } }, ops: { browse: [], buy: [] } },
      "model-invalid",
      /api.scale looks at busy cores, but there is no limit of them: set cores, or threads/,
    ],
    [
      "a queue that there is not",
      [...api, "scale"],
      { by: "hpa", max: 5, target: { queue: { of: "jobs", average: 5 } } },
      "node-unknown",
      /api.scale.target.queue.of is "jobs"/,
    ],
    [
      "a queue that is none",
      [...api, "scale"],
      { by: "keda", queue: "orders", lag: 5 },
      "wiring-invalid",
      /api.scale.queue is "orders", a database: a queue is needed/,
    ],
    [
      "the lag of no queue",
      [...api, "scale"],
      { by: "keda", lag: 5 },
      "wiring-invalid",
      /api.scale.queue is missing: a service takes from no queue/,
    ],
    [
      "requests of a worker",
      [...mailer, "scale"],
      { by: "keda", concurrency: 5 },
      "wiring-invalid",
      /a worker has no requests: use lag/,
    ],
    [
      "a ScaledObject without a trigger",
      [...mailer, "scale"],
      { by: "keda", max: 5 },
      "model-invalid",
      /a ScaledObject has a trigger/,
    ],
    [
      "idling above the minimum",
      [...mailer, "scale"],
      { by: "keda", lag: 5, min: 1, idle: 1 },
      "model-invalid",
      /idle is 1, which is not less than min 1/,
    ],
    [
      "a policy of both kinds",
      [...mailer, "scale"],
      { by: "keda", lag: 5, up: { policies: [{ pods: 1, percent: 5, period: "15s" }] } },
      "model-invalid",
      /more than one of pods, percent/,
    ],
    [
      "a schedule that goes back",
      [...mailer, "scale"],
      {
        by: "schedule",
        steps: [
          { at: "8h", replicas: 2 },
          { at: "7h", replicas: 3 },
        ],
      },
      "model-invalid",
      /not in the order of their times: "7h" comes after "8h"/,
    ],
    [
      "a schedule that is longer than its round",
      [...mailer, "scale"],
      { by: "schedule", repeat: "6h", steps: [{ at: "8h", replicas: 2 }] },
      "model-invalid",
      /the last step comes at "8h"/,
    ],
    [
      "more threads than can be counted",
      api,
      {
        kind: "service",
        threads: 1_000_000,
        scale: { by: "hpa", max: 10_000, target: { rate: "1rps" } },
        ops: { browse: [], buy: [] },
      },
      "model-invalid",
      /api.scale has more than 500000000 threads or cores over 10000 replicas/,
    ],
    [
      "a step that says nothing",
      [...mailer, "scale"],
      { by: "schedule", steps: [{ at: "0s" }] },
      "model-invalid",
      /says nothing at "0s": give replicas, threads or cores/,
    ],
    [
      "cores of a worker",
      [...mailer, "scale"],
      { by: "schedule", steps: [{ at: "0s", cores: 2 }] },
      "model-invalid",
      /a worker's threads are its cores: set threads/,
    ],
    [
      "threads of what has no limit of them",
      api,
      { kind: "service", scale: { by: "schedule", steps: [{ at: "0s", threads: 2 }] }, ops: { browse: [], buy: [] } },
      "model-invalid",
      /sets threads, but there is no limit of them to begin with/,
    ],
    [
      "a price of a cache's cores",
      ["nodes", "sessions", "cost"],
      { coreHour: 1 },
      "model-invalid",
      /sessions.cost has a price of cores, but there is no number of them/,
    ],
    [
      "a price of what is nowhere said to be there",
      [...api, "cost"],
      { gbMoved: 0.09 },
      "model-invalid",
      /api.cost.gbMoved is given, but not how much: set moved/,
    ],
    [
      "what is stored for no price",
      [...api, "cost"],
      { stored: "5GB" },
      "model-invalid",
      /api.cost.stored is given, but not what it costs: set gbHour/,
    ],
    [
      "a price that is text",
      [...api, "cost"],
      { request: "0.01" },
      "model-invalid",
      /api.cost.request is "0.01": write a number from 0/,
    ],
    ["an unknown balance", [...api, "balance"], "best", "model-invalid", /it can be "round-robin", "random"/],
    [
      "a balance that is a number",
      [...api, "balance"],
      2,
      "model-invalid",
      /api.balance is 2: a way to balance is "round-robin" or "random" or "least-connections" or "idle" or "ewma" or "ring" or "first", or \{ choices: 2 \}/,
    ],
    [
      "a negative time",
      time,
      "-1ms",
      "model-invalid",
      /api.ops.browse\[0\].time.*"-1ms" is not a duration: it is negative/,
    ],
    [
      "a time without a unit",
      time,
      5,
      "model-invalid",
      /is 5: a time is a number and us, ms, s, min or h.*or a distribution/,
    ],
    ["a time of nothing", time, null, "model-invalid", /is null: a time is/],
    ["an unknown step", [...browse, 0, "do"], "sleep", "model-invalid", /is "sleep": it can be "cpu", "wait"/],
    ["steps that are no list", browse, "cpu", "model-invalid", /is "cpu": a list of steps is expected/],
    [
      "a retry without steps",
      [...api, "ops", "buy", 0, "steps"],
      [],
      "model-invalid",
      /is empty: at least one of its steps/,
    ],
    [
      "a fail of more than 1",
      [...api, "ops", "buy", 2, "branches", 1, "steps", 0, "probability"],
      2,
      "model-invalid",
      /is 2: write a number from 0 to 1/,
    ],
    [
      "branches that are never drawn",
      [...api, "ops", "buy", 2, "branches"],
      [{ weight: 0, steps: [] }],
      "model-invalid",
      /branches has only weights of 0/,
    ],
    [
      "a distribution that there is not",
      read,
      { dist: "cauchy" },
      "model-invalid",
      /read.dist is "cauchy": it can be "constant"/,
    ],
    [
      "an exponential of mean zero",
      read,
      { dist: "exponential", mean: "0ms" },
      "model-invalid",
      /"0ms": more than 0 is needed/,
    ],
    [
      "a uniform the wrong way round",
      read,
      { dist: "uniform", min: "2ms", max: "1ms" },
      "model-invalid",
      /max is "1ms", less than min "2ms"/,
    ],
    [
      "a Pareto without a tail",
      read,
      { dist: "pareto", min: "1ms", alpha: 0 },
      "model-invalid",
      /write a number above 0 and up to 1000/,
    ],
    [
      "an empirical distribution of nothing",
      read,
      { dist: "empirical", values: [] },
      "model-invalid",
      /values is empty: at least one of its values/,
    ],
    [
      "a mixture of weights 0",
      read,
      { dist: "mixture", of: [{ weight: 0, time: "1ms" }] },
      "model-invalid",
      /of has only weights of 0/,
    ],
    [
      "a lognormal that says nothing",
      read,
      { dist: "lognormal", mean: "1ms" },
      "model-invalid",
      /has none of sigma, percentile/,
    ],
    [
      "a lognormal that says too much",
      read,
      { dist: "lognormal", mean: "1ms", sigma: 1, percentile: 99, value: "2ms" },
      "model-invalid",
      /has more than one of sigma, percentile/,
    ],
    [
      "a p99 that no lognormal has",
      read,
      { dist: "lognormal", mean: "1ms", percentile: 99, value: "50ms" },
      "model-invalid",
      /\(p99\) is "50ms": no lognormal of mean "1ms" has that; its p99 is from 1 to 15 ms/,
    ],
    [
      "a median above the mean",
      read,
      { dist: "lognormal", mean: "1ms", percentile: 50, value: "2ms" },
      "model-invalid",
      /its p50 is from 0 to 1 ms/,
    ],
    [
      "a hit ratio above 1",
      ["nodes", "sessions", "hitRatio"],
      1.5,
      "model-invalid",
      /hitRatio is 1.5: write a number from 0 to 1/,
    ],
    [
      "traffic of nothing",
      ["traffic"],
      { to: "api", mix: { browse: 1 } },
      "model-invalid",
      /traffic has none of rate, sessions, users, classes/,
    ],
    [
      "a rate that is a number",
      ["traffic", "rate"],
      5,
      "model-invalid",
      /traffic.rate is 5: a rate is a number and rps, rpm or rph, as in "120rps", or a profile of rates/,
    ],
    [
      "a profile that goes back in time",
      ["traffic", "rate"],
      {
        points: [
          { at: "2s", rate: "1rps" },
          { at: "1s", rate: "1rps" },
        ],
      },
      "model-invalid",
      /points go back in time: "1s" comes after "2s"/,
    ],
    [
      "a profile of nobody",
      ["traffic", "rate"],
      { points: [{ at: "0s", rate: "0rps" }] },
      "model-invalid",
      /points has only rates of 0/,
    ],
    [
      "a day of no length",
      ["traffic", "rate"],
      { points: [{ at: "0s", rate: "1rps" }], repeat: true },
      "model-invalid",
      /repeat is asked for, but nobody arrives until the last point/,
    ],
    [
      "a flag that is text",
      ["traffic", "rate"],
      { points: [{ at: "0s", rate: "1rps" }], steps: "yes" },
      "model-invalid",
      /steps is "yes": it can be false, true/,
    ],
    ["a rate of zero", ["traffic", "rate"], "0rps", "model-invalid", /traffic.rate is "0rps": more than 0 is needed/],
    ["a rate that is a duration", ["traffic", "rate"], "5ms", "model-invalid", /"5ms" is not a rate/],
    [
      "a trace that goes back",
      ["traffic", "rate"],
      { unit: "s", times: [0, 2, 1] },
      "model-invalid",
      /traffic.rate.times go back: 1 comes after 2, at place 2/,
    ],
    [
      "a trace with too few operations",
      ["traffic", "rate"],
      { unit: "s", times: [0, 2], ops: ["buy"] },
      "model-invalid",
      /traffic.rate.ops has 1 operations for 2 times/,
    ],
    [
      "a trace that is not over when it begins anew",
      ["traffic", "rate"],
      { unit: "s", times: [0, 2], repeat: "1s" },
      "model-invalid",
      /traffic.rate.repeat is "1s", before the last time 2 s/,
    ],
    ["a batch of none", ["traffic", "batch"], 0, "model-invalid", /traffic.batch is 0: write a whole number from 1/],
    [
      "bursts of nobody",
      ["traffic", "rate"],
      { states: [{ rate: "0rps", for: "1s" }] },
      "model-invalid",
      /traffic.rate.states has only rates of 0/,
    ],
    [
      "a class without traffic",
      ["traffic"],
      { classes: { gold: { to: "api", mix: { browse: 1 } } } },
      "model-invalid",
      /gold has none of rate, sessions, users: a class has one/,
    ],
    [
      "an outage of node and zone",
      ["faults", 0],
      { do: "outage", node: "api", zone: "eu", at: "1s", for: "1s" },
      "model-invalid",
      /faults\[0\] has more than one of node, zone: an outage has one/,
    ],
    [
      "a bandwidth of nothing",
      ["network"],
      { hops: [{ from: "api", to: "orders", bandwidth: "1Gbps" }] },
      "model-invalid",
      /bandwidth is given, but neither request nor response has a size/,
    ],
    ["a mix of nothing", ["traffic", "mix"], { browse: 0 }, "model-invalid", /mix has only weights of 0/],
    ["an outage that never was", ["faults", 0, "for"], "0s", "model-invalid", /for is "0s": more than 0 is needed/],
    [
      "a place beyond the paper",
      ["layout", "api", "x"],
      1e10,
      "model-invalid",
      /x is 10000000000: write a number from/,
    ],
    [
      "a custom step without a name",
      ["nodes", "api", "ops", "browse", 0],
      { do: "custom" },
      "model-invalid",
      /api.ops.browse\[0\].name is missing: a step needs it/,
    ],
    [
      "a function in a document",
      ["nodes", "api", "ops", "browse", 0],
      { do: "custom", name: "poll", run: () => {} },
      "model-invalid",
      /api.ops.browse\[0\].run is not a setting of a step: it has do, name, steps/,
    ],
    [
      "a group of what is no list",
      ["groups"],
      { eu: { nodes: "api" } },
      "model-invalid",
      /groups.eu.nodes is "api": a list of nodes is expected/,
    ],
    ["a group with a space in its name", ["groups"], { "e u": {} }, "name-invalid", /cannot name a group/],
    ["a Map for nodes", ["nodes"], new Map(), "model-invalid", /plain data is expected/],
  ];
  for (const [what, path, value, code, message] of misshapen)
    it(`refuses ${what}`, () => refused(having(path, value), code, message));

  const miswired: readonly [string, readonly (string | number)[], unknown, ErrorCode, RegExp][] = [
    [
      "a node called traffic",
      ["nodes", "traffic"],
      { kind: "queue" },
      "name-invalid",
      /traffic cannot name a node: it names what clients see/,
    ],
    [
      "a class that is called as what is measured",
      ["traffic"],
      { classes: { rate: { to: "api", rate: "5rps", mix: { browse: 1 } } } },
      "name-invalid",
      /rate cannot name a class: it names what is measured/,
    ],
    [
      "a custom step that is called what no name can be",
      ["nodes", "api", "ops", "browse", 0],
      { do: "custom", name: "poll it" },
      "name-invalid",
      /api.ops.browse\[0\].name is "poll it": write letters, digits, _ and -/,
    ],
    [
      "a call in a custom step of what there is not",
      ["nodes", "api", "ops", "browse", 0],
      { do: "custom", name: "poll", steps: { ask: [{ do: "call", to: "ordres", op: "read" }] } },
      "node-unknown",
      /api.ops.browse\[0\].steps.ask\[0\].to is "ordres", which is no node of the model/,
    ],
    [
      "a group of a node that there is not",
      ["groups"],
      { all: { groups: { eu: { nodes: ["apo"] } } } },
      "node-unknown",
      /groups.all.groups.eu.nodes\[0\] is "apo", which is no node of the model/,
    ],
    [
      "a node in two groups",
      ["groups"],
      { eu: { nodes: ["api"] }, us: { nodes: ["api"] } },
      "node-duplicate",
      /groups.us.nodes\[0\] is "api", which stands in group "eu" already/,
    ],
    [
      "a trace of an operation that there is not",
      ["traffic", "rate"],
      { unit: "s", times: [0], ops: ["brwose"] },
      "operation-unknown",
      /traffic.rate.ops\[0\] is "brwose", which is not in the mix: browse, buy/,
    ],
    [
      "a zone that there is not",
      ["faults", 0],
      { do: "outage", zone: "eu", at: "1s", for: "1s" },
      "node-unknown",
      /faults\[0\].zone is "eu", which is no zone/,
    ],
    [
      "a pause of a queue",
      ["faults", 0],
      { do: "pause", node: "emails", at: "1s", for: "1s" },
      "wiring-invalid",
      /faults\[0\].node is a queue, which does no work that could stand still/,
    ],
    [
      "a partition from nowhere",
      ["faults", 0],
      { do: "partition", between: ["api", "mars"], at: "1s", for: "1s" },
      "node-unknown",
      /between\[1\] is "mars", which is no node/,
    ],
    [
      "a node in two zones",
      ["network"],
      { zones: { a: { nodes: ["api"] }, b: { nodes: ["orders", "api"] } } },
      "node-duplicate",
      /nodes\[1\] is "api", which stands in zone "a" already/,
    ],
    [
      "a hop to a queue",
      ["network"],
      { hops: [{ from: "api", to: "emails" }] },
      "wiring-invalid",
      /hops\[0\].to is "emails", a queue: a service or gateway or database or cache or limiter is needed/,
    ],
    [
      "traffic to nowhere",
      ["traffic", "to"],
      "apii",
      "node-unknown",
      /traffic.to is "apii", which is no node of the model: api, orders/,
    ],
    [
      "traffic to a database",
      ["traffic", "to"],
      "orders",
      "wiring-invalid",
      /is "orders", a database: a service or gateway is needed/,
    ],
    [
      "an operation of the mix that there is not",
      ["traffic", "mix"],
      { brwose: 1 },
      "operation-unknown",
      /is "brwose", which "api" does not have: browse, buy/,
    ],
    ["a call of nobody", [...browse, 1, "to"], "session", "node-unknown", /is "session", which is no node/],
    [
      "a call of a queue",
      [...browse, 1],
      { do: "call", to: "emails", op: "get" },
      "wiring-invalid",
      /a queue: a service or gateway or database or cache or limiter is needed/,
    ],
    [
      "a call of an operation that there is not",
      [...browse, 1, "op"],
      "fetch",
      "operation-unknown",
      /"fetch", which "sessions" does not have: get, put/,
    ],
    [
      "a database's miss",
      [...browse, 1],
      { do: "call", to: "orders", op: "read", miss: [] },
      "model-invalid",
      /only a cache's get can miss/,
    ],
    [
      "a put into a service",
      [...browse, 0],
      { do: "publish", to: "api" },
      "wiring-invalid",
      /a service: a queue or log or topic is needed/,
    ],
    [
      "a worker on a database",
      ["nodes", "mailer", "takes"],
      "orders",
      "wiring-invalid",
      /mailer.takes is "orders", a database: a queue or log is needed/,
    ],
    [
      "a cache before a service",
      ["nodes", "sessions", "fronts"],
      "api",
      "wiring-invalid",
      /a service: a database is needed/,
    ],
    ["an outage of nobody", ["faults", 0, "node"], "db", "node-unknown", /faults\[0\].node is "db"/],
    [
      "a group on a queue",
      ["nodes", "mailer", "group"],
      "billing",
      "wiring-invalid",
      /mailer.group is given, but "emails" is a queue: a log has groups/,
    ],
    [
      "a rebalance on a queue",
      ["nodes", "mailer", "rebalance"],
      "3s",
      "wiring-invalid",
      /mailer.rebalance is given, but "emails" is a queue/,
    ],
    [
      "dead letters in the queue itself",
      ["nodes", "emails"],
      { kind: "queue", visibility: "1s", maxReceives: 2, deadLetter: "emails" },
      "wiring-invalid",
      /emails.deadLetter is "emails" itself: another queue is needed/,
    ],
    [
      "dead letters in a database",
      ["nodes", "emails"],
      { kind: "queue", visibility: "1s", maxReceives: 2, deadLetter: "orders" },
      "wiring-invalid",
      /emails.deadLetter is "orders", a database: a queue is needed/,
    ],
    [
      "a topic to a worker",
      ["nodes", "bus"],
      { kind: "topic", to: ["emails", "mailer"] },
      "wiring-invalid",
      /bus.to\[1\] is "mailer", a worker: a queue or log is needed/,
    ],
    [
      "a topic to one queue twice",
      ["nodes", "bus"],
      { kind: "topic", to: ["emails", "emails"] },
      "wiring-invalid",
      /bus.to\[1\] is "emails" once more/,
    ],
    [
      "receives without a visibility",
      ["nodes", "emails"],
      { kind: "queue", maxReceives: 2 },
      "model-invalid",
      /emails.maxReceives is given, but without a visibility no message is delivered twice: set visibility too/,
    ],
    [
      "a backoff without a visibility",
      ["nodes", "emails"],
      { kind: "queue", backoff: "1s" },
      "model-invalid",
      /emails.backoff is given/,
    ],
    [
      "dead letters without an end of deliveries",
      ["nodes", "emails"],
      { kind: "queue", visibility: "1s", deadLetter: "emails" },
      "model-invalid",
      /emails.deadLetter is given, but messages are delivered until they are done: set maxReceives too/,
    ],
    [
      "a log without partitions",
      ["nodes", "bus"],
      { kind: "log", partitions: 0 },
      "model-invalid",
      /bus.partitions is 0/,
    ],
    [
      "a job without steps",
      ["nodes", "bus"],
      { kind: "job", every: "1h", steps: [] },
      "model-invalid",
      /bus.steps is empty/,
    ],
    [
      "a job that never stops starting",
      ["nodes", "bus"],
      { kind: "job", every: "0s", steps: [{ do: "cpu", time: "1ms" }] },
      "model-invalid",
      /bus.every is "0s": more than 0 is needed/,
    ],
    [
      "a job that calls what there is not",
      ["nodes", "bus"],
      { kind: "job", every: "1h", steps: [{ do: "call", to: "db", op: "read" }] },
      "node-unknown",
      /bus.steps\[0\].to is "db", which is no node of the model/,
    ],
    ["an empty batch", ["nodes", "mailer", "batch"], { max: 0 }, "model-invalid", /mailer.batch.max is 0/],
  ];
  for (const [what, path, value, code, message] of miswired)
    it(`refuses ${what}`, () => refused(having(path, value), code, message));

  it("refuses requests without keys where they come to what goes by keys, and only there", () => {
    const near = { kind: "cache", get: "1ms", entries: 5 };
    const miss = [{ do: "call", to: "near", op: "get" }];
    const model = (to: string, traffic: object = {}): unknown => ({
      architech: 1,
      nodes: {
        api: { kind: "service", ops: { show: [{ do: "publish", to: "jobs" }], hide: [] } },
        jobs: { kind: "queue" },
        mailer: { kind: "worker", takes: "jobs", work: miss },
        near,
      },
      traffic: { to: "api", rate: "1rps", mix: { [to]: 1 }, ...traffic },
    });
    refused(
      model("show"),
      "model-invalid",
      /^traffic.keys is missing: "near" keeps entries by key, so requests need keys, as in keys: \{ count: 1000, skew: 0.9 \}/,
      ["traffic", "keys"],
    );
    validate(model("show", { keys: { count: 5 } }));
    validate(model("hide"));
    const shards = {
      architech: 1,
      nodes: {
        api: { kind: "service", ops: { show: [{ do: "call", to: "db", op: "read" }] } },
        db: { kind: "database", connections: 1, read: "1ms", write: "1ms", shards: { count: 2 } },
      },
      traffic: { classes: { gold: { to: "api", rate: "1rps", mix: { show: 1 } } } },
    };
    refused(shards, "model-invalid", /^traffic.classes.gold.keys is missing: "db" has shards/);
  });

  it("refuses a load that would wait for itself", () => {
    const get = (miss: unknown[]): unknown => ({ do: "call", to: "near", op: "get", miss });
    const model = (singleFlight: boolean): unknown => ({
      architech: 1,
      nodes: {
        api: { kind: "service", ops: { show: [get([{ do: "call", to: "back", op: "go" }])] } },
        back: { kind: "service", ops: { go: [get([])] } },
        near: { kind: "cache", get: "1ms", entries: 5, singleFlight },
      },
      traffic: { to: "api", rate: "1rps", mix: { show: 1 }, keys: { count: 5 } },
    });
    refused(
      model(true),
      "model-invalid",
      /api.ops.show\[0\].miss gets from "near" again, whose gets wait for the load of their key: it would wait for itself/,
    );
    validate(model(false));
  });

  it("lists no more than eight of many names", () => {
    const nodes = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`q${i}`, { kind: "queue" }]));
    refused(
      { architech: 1, nodes, traffic: { to: "x", rate: "1rps", mix: { a: 1 } } },
      "node-unknown",
      /q7 and 4 more/,
    );
  });

  it("names the place of what is wrong", () => {
    refused(having(time, "x"), "model-invalid", /^api\.ops\.browse\[0\]\.time/, time);
    refused(5, "model-invalid", /^the model is 5: a model is expected/);
    refused(having(["nodes", "orders", "kind"], undefined), "model-invalid", /^orders\.kind is missing/);
  });

  it("reads nothing that is inherited and calls nothing", () => {
    refused(Object.create({ architech: 1 }), "model-invalid", /plain data is expected|is missing/);
    refused(having(["nodes", "__proto__x y"], { kind: "queue" }), "name-invalid", /cannot name a node/);
    refused(
      JSON.parse('{"architech":1,"nodes":{"__proto__":{"kind":"queue"}},"traffic":{}}'),
      "name-invalid",
      /__proto__/,
    );
  });

  it("refuses more than it can hold, at once", () => {
    let deep: unknown = [{ do: "fail" }];
    for (let i = 0; i < 200; i++) deep = [{ do: "repeat", times: 1, steps: deep }];
    refused(having(browse, deep), "model-too-large", /is nested more than 100 deep/);
    const nodes = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`q${i}`, { kind: "queue" }]));
    refused(having(["nodes"], nodes), "model-too-large", /has 10001 names, more than 10000/);
    const many = Array.from({ length: 100_001 }, () => ({ do: "fail" }));
    refused(having(browse, many), "model-too-large", /has 100001 steps, more than 100000/);
    const heavy = Object.fromEntries(
      Array.from({ length: 3 }, (_, i) => [
        `op${i}`,
        Array.from({ length: 70_000 }, () => ({ do: "fail", probability: 0 })),
      ]),
    );
    refused(having([...api, "ops"], heavy), "model-too-large", /is where the model passes 200000 steps/);
  });
});
