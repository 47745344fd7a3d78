import fc from "fast-check";
import type {
  CacheDocument,
  DatabaseDocument,
  FaultDocument,
  FlowDocument,
  HopDocument,
  KeyedCacheDocument,
  LineDocument,
  ModelDocument,
  NetworkDocument,
  NodeDocument,
  StepDocument,
  TrafficDocument,
} from "#src/model/document.js";
import { mostReplicas } from "#src/model/format-scale.js";
import { messaging } from "./random-messaging.js";
import { scale } from "./random-scale.js";
import { ms, time } from "./random-time.js";

/** Steps that ask a policy, start something twice, or take it back. */
function richSteps(inner: fc.Arbitrary<StepDocument[]>): fc.Arbitrary<StepDocument>[] {
  return [
    fc.record({
      do: fc.constant("timeout" as const),
      after: ms(0.2, 5),
      cancel: fc.constant(true),
      steps: inner,
    }),
    fc.record({
      do: fc.constant("retry" as const),
      times: fc.integer({ min: 1, max: 3 }),
      backoff: ms(0.1, 1),
      cap: fc.constant("4ms"),
      jitter: fc.constant("decorrelated" as const),
      budget: fc.constant("budget"),
      steps: inner,
    }),
    fc.record({
      do: fc.constant("hedge" as const),
      after: ms(0.1, 3),
      times: fc.integer({ min: 1, max: 2 }),
      cancel: fc.boolean(),
      steps: inner,
    }),
    fc.record({ do: fc.constant("guard" as const), by: fc.constantFrom("fuse", "pool", "gate"), steps: inner }),
    // Nothing that gets from the cache again: that load would wait for itself.
    fc.record({
      do: fc.constant("call" as const),
      to: fc.constant("cache"),
      op: fc.constant("get"),
      miss: fc.constantFrom<StepDocument[]>(
        [
          { do: "cpu", time: "0.3ms" },
          { do: "call", to: "db", op: "read" },
        ],
        [
          { do: "call", to: "leaf", op: "serve" },
          { do: "fail", probability: 0.3 },
        ],
        [],
      ),
    }),
  ];
}

/** Steps that may call only these: later nodes, so that every call comes to an end. */
function steps(
  targets: readonly (readonly [string, string])[],
  depth: number,
  rich: boolean,
  queues: readonly string[] = [],
): fc.Arbitrary<StepDocument[]> {
  const call = fc.constantFrom(...targets).map(([to, op]) => ({ do: "call", to, op }) as const);
  const simple: fc.Arbitrary<StepDocument> = fc.oneof(
    { weight: 3, arbitrary: time.map((time) => ({ do: "cpu", time }) as const) },
    { weight: 1, arbitrary: time.map((time) => ({ do: "wait", time }) as const) },
    { weight: 4, arbitrary: call },
    ...(queues.length === 0
      ? []
      : [{ weight: 1, arbitrary: fc.constantFrom(...queues).map((to) => ({ do: "publish", to }) as const) }]),
    {
      weight: 1,
      arbitrary: fc.constantFrom(0.05, 0.5, 1).map((probability) => ({ do: "fail", probability }) as const),
    },
  );
  if (depth === 0) return fc.array(simple, { minLength: 1, maxLength: 3 });
  const inner = steps(targets, depth - 1, rich, queues);
  const nested: fc.Arbitrary<StepDocument> = fc.oneof(
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((branches) => ({ do: "parallel", branches }) as const),
    fc
      .array(fc.record({ weight: fc.integer({ min: 1, max: 5 }), steps: inner }), { minLength: 1, maxLength: 3 })
      .map((branches) => ({ do: "either", branches }) as const),
    fc.record({ do: fc.constant("repeat" as const), times: fc.integer({ min: 1, max: 3 }), steps: inner }),
    fc.record({
      do: fc.constant("retry" as const),
      times: fc.integer({ min: 1, max: 3 }),
      backoff: ms(0.1, 2),
      growth: fc.constantFrom("fixed" as const, "exponential" as const),
      jitter: fc.constantFrom(0, 0.5, 1),
      steps: inner,
    }),
    fc.record({ do: fc.constant("timeout" as const), after: ms(0.2, 5), steps: inner }),
    ...(rich ? richSteps(inner) : []),
  );
  return fc.array(fc.oneof({ weight: 2, arbitrary: simple }, { weight: 1, arbitrary: nested }), {
    minLength: 1,
    maxLength: 3,
  });
}

const plainLine: fc.Arbitrary<LineDocument> = fc.record({
  capacity: fc.integer({ min: 0, max: 5 }),
  order: fc.constantFrom("fifo" as const, "lifo" as const),
});

/** How something waits, in every order. */
const line: fc.Arbitrary<LineDocument> = fc.oneof(
  fc.record({
    capacity: fc.integer({ min: 0, max: 5 }),
    order: fc.constantFrom(
      "fifo" as const,
      "lifo" as const,
      "sjf" as const,
      "edf" as const,
      "priority" as const,
      "fair" as const,
    ),
  }),
  fc.record({ order: fc.constant("adaptive-lifo" as const), switchAt: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ codel: fc.record({ target: ms(0.1, 2), interval: ms(1, 10) }) }),
  fc.record({ order: fc.constantFrom("fifo" as const, "lifo" as const), maxWait: ms(0.1, 3) }),
  fc.record({
    order: fc.constant("adaptive-lifo" as const),
    switchAt: fc.integer({ min: 0, max: 3 }),
    maxWait: ms(0.1, 3),
    codel: fc.record({ target: ms(0.1, 2), interval: ms(1, 10) }),
  }),
);

const ratioCache = fc.record({
  kind: fc.constant("cache" as const),
  get: time,
  hitRatio: fc.constantFrom(0, 0.5, 1),
  fronts: fc.constant("db"),
});

/** A cache that keeps some of the keys, in any way. */
const keyedCache: fc.Arbitrary<KeyedCacheDocument> = fc
  .record({
    get: fc.oneof(time, fc.constant("0ms")),
    entries: fc.integer({ min: 1, max: 12 }),
    evict: fc.constantFrom("lru", "lfu", "fifo", "clock", "slru", "random"),
    times: fc.constantFrom<Pick<KeyedCacheDocument, "ttl" | "softTtl" | "ttlJitter">>(
      {},
      { ttl: "20ms" },
      { softTtl: "5ms" },
      { ttl: "30ms", softTtl: "5ms", ttlJitter: 0.5 },
    ),
    singleFlight: fc.boolean(),
    warm: fc.boolean(),
    write: fc.constantFrom<Pick<KeyedCacheDocument, "write" | "writeAfter">>(
      {},
      { write: "around" },
      { write: "through" },
      { write: "behind", writeAfter: "3ms" },
    ),
  })
  .map(({ times, write, ...settings }) => ({ kind: "cache", ...settings, ...times, ...write, fronts: "db" }));

/** A database of one station, or of several. */
const database = (rich: boolean): fc.Arbitrary<DatabaseDocument> =>
  fc
    .record({
      connections: fc.integer({ min: 1, max: 4 }),
      read: time,
      write: time,
      queue: rich ? fc.option(line, { nil: undefined }) : fc.constant(undefined),
      copies: rich
        ? fc.oneof(
            fc.constant({}),
            fc.record({
              replicas: fc.record({
                count: fc.integer({ min: 1, max: 3 }),
                reads: fc.constantFrom("replica" as const, "any" as const),
                lag: time,
                sync: fc.integer({ min: 0, max: 1 }),
                readYourWrites: fc.boolean(),
              }),
            }),
            fc.record({
              quorum: fc.record({
                copies: fc.constant(3),
                read: fc.integer({ min: 1, max: 3 }),
                write: fc.integer({ min: 1, max: 3 }),
              }),
            }),
          )
        : fc.constant({}),
      shards: rich
        ? fc.option(
            fc.record({
              count: fc.integer({ min: 1, max: 4 }),
              by: fc.constantFrom("hash" as const, "range" as const),
            }),
            { nil: undefined },
          )
        : fc.constant(undefined),
    })
    .map(({ queue, copies, shards, ...settings }) => ({
      kind: "database",
      ...settings,
      ...(queue === undefined ? {} : { queue }),
      ...copies,
      ...(shards === undefined ? {} : { shards }),
    }));

const goesByKey = (cache: CacheDocument, { shards, replicas }: DatabaseDocument): boolean =>
  "entries" in cache || (shards?.count ?? 1) > 1 || replicas?.readYourWrites === true;

/** The traffic with keys in every flow. */
function keyed(traffic: TrafficDocument): TrafficDocument {
  const keys = { count: 20, skew: 1 };
  if (!("classes" in traffic)) return { keys, ...traffic };
  return {
    classes: Object.fromEntries(Object.entries(traffic.classes).map(([name, flow]) => [name, { keys, ...flow }])),
  };
}

const window = { window: fc.constantFrom("5ms", "50ms") };

/** Nodes that let others go on, or not. */
const policies = {
  limit: fc.oneof(
    fc.record({
      kind: fc.constant("limiter" as const),
      rate: fc.constantFrom("100rps", "1000rps"),
      burst: fc.integer({ min: 1, max: 5 }),
      wait: ms(0, 3),
    }),
    fc.record({
      kind: fc.constant("limiter" as const),
      algorithm: fc.constantFrom("fixed-window" as const, "sliding-window" as const, "sliding-counter" as const),
      rate: fc.constant("400rps"),
      ...window,
    }),
    fc.record({
      kind: fc.constant("limiter" as const),
      algorithm: fc.constant("leaky-bucket" as const),
      rate: fc.constantFrom("200rps", "2000rps"),
      burst: fc.integer({ min: 1, max: 5 }),
    }),
  ),
  fuse: fc.record({
    kind: fc.constant("breaker" as const),
    window: fc.constantFrom(3, 10, "5ms"),
    minimum: fc.constant(3),
    failureRate: fc.constantFrom(0.2, 1),
    slow: ms(0.5, 3),
    openFor: ms(1, 20),
    probes: fc.integer({ min: 1, max: 3 }),
  }),
  pool: fc.record({
    kind: fc.constant("semaphore" as const),
    permits: fc.integer({ min: 1, max: 3 }),
    queue: line.map((line) => (line.order === "sjf" ? { ...line, order: "fifo" as const } : line)),
  }),
  gate: fc.record({
    kind: fc.constant("concurrency" as const),
    algorithm: fc.constantFrom("aimd" as const, "vegas" as const, "gradient" as const),
    initial: fc.integer({ min: 1, max: 5 }),
    max: fc.constant(20),
  }),
  budget: fc.record({ kind: fc.constant("retry-budget" as const), ratio: fc.constantFrom(0, 0.1, 1) }),
};

function service(
  targets: readonly (readonly [string, string])[],
  ops: readonly string[],
  rich: boolean,
): fc.Arbitrary<NodeDocument> {
  return fc
    .record({
      replicas: fc.integer({ min: 1, max: 3 }),
      threads: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      cores: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      balance: fc.constantFrom(
        "round-robin" as const,
        "random" as const,
        "least-connections" as const,
        "choices" as const,
      ),
      queue: fc.option(rich ? line : plainLine, { nil: undefined }),
      scheduling: rich
        ? fc.constantFrom("fifo" as const, "ps" as const, "srpt" as const, "priority" as const)
        : fc.constant("fifo" as const),
      steps: fc.array(steps(targets, 2, rich, rich ? ["jobs", "events", "bus"] : ["jobs"]), {
        minLength: ops.length,
        maxLength: ops.length,
      }),
      scales: rich ? scale(true, "service") : fc.constant(undefined),
      scalesWithout: rich ? scale(false, "service") : fc.constant(undefined),
    })
    .map(({ replicas, threads, cores, balance, queue, scheduling, steps, scales, scalesWithout }) => {
      const scale = threads === undefined ? scalesWithout : scales;
      const most = mostReplicas(scale === undefined ? { replicas } : { scale });
      return {
        kind: "service" as const,
        ...(scale === undefined ? { replicas } : { scale }),
        ...(threads === undefined ? {} : { threads }),
        ...(cores === undefined ? {} : { cores: Math.min(cores, threads ?? cores), scheduling }),
        ...(queue === undefined || threads === undefined ? {} : { queue }),
        balance: balance === "choices" ? { choices: Math.min(2, most) } : balance,
        ops: Object.fromEntries(ops.map((op, i) => [op, steps[i]!])),
      };
    });
}

const data = [
  ["db", "read"],
  ["db", "write"],
  ["cache", "get"],
  ["cache", "put"],
  ["leaf", "serve"],
] as const;
const richData = [...data, ["limit", "take"]] as const;

const traffic: fc.Arbitrary<TrafficDocument> = fc.oneof(
  fc.record({
    to: fc.constant("front"),
    rate: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("50rps", "300rps", "2000rps") },
      {
        weight: 1,
        arbitrary: fc.record({
          points: fc
            .array(
              fc.record({ gap: fc.integer({ min: 1, max: 100 }), rate: fc.constantFrom("0rps", "100rps", "900rps") }),
              {
                minLength: 1,
                maxLength: 4,
              },
            )
            .map((steps) => {
              let at = 0;
              return [
                { at: "0ms", rate: "100rps" },
                ...steps.map(({ gap, rate }) => ({ at: `${(at += gap)}ms`, rate })),
              ];
            }),
          steps: fc.boolean(),
          repeat: fc.boolean(),
        }),
      },
    ),
    arrivals: fc.constantFrom("poisson" as const, "regular" as const),
    mix: fc.constant({ browse: 2, buy: 1 }),
  }),
  fc.record({
    to: fc.constant("front"),
    users: fc.integer({ min: 1, max: 20 }),
    think: time,
    mix: fc.constant({ browse: 1 }),
  }),
);

const keys = fc.option(fc.record({ count: fc.integer({ min: 1, max: 50 }), skew: fc.constantFrom(0, 0.8, 1, 2) }), {
  nil: undefined,
});
const toFront = { to: fc.constant("front"), mix: fc.constant({ browse: 2, buy: 1 }) };

/** Flows of every other kind. */
const richFlow: fc.Arbitrary<FlowDocument> = fc
  .tuple(
    fc.oneof(
      fc.record({
        ...toFront,
        rate: fc.constantFrom("50rps", "300rps"),
        batch: fc.constantFrom<number | { mean: number }>(1, 3, { mean: 2 }),
      }),
      fc.record({
        ...toFront,
        rate: fc.constant({
          states: [
            { rate: "50rps", for: "30ms" },
            { rate: "900rps", for: "10ms" },
          ],
        }),
      }),
      fc.record({
        ...toFront,
        rate: fc.record({
          unit: fc.constant("ms" as const),
          times: fc.constant([0, 1, 1, 7, 30]),
          ops: fc.constantFrom(["browse", "buy", "buy", "browse", "browse"], ["buy", "buy", "buy", "buy", "buy"]),
          repeat: fc.constantFrom("30ms", "1s"),
        }),
      }),
      fc.record({ ...toFront, sessions: fc.constant("50rps"), requests: fc.constantFrom(1, 3), think: time }),
      fc.record({ ...toFront, users: fc.integer({ min: 1, max: 8 }), think: time }),
    ),
    keys,
  )
  .map(([flow, keys]) => (keys === undefined ? flow : { ...flow, keys }) as FlowDocument);

const richTraffic: fc.Arbitrary<TrafficDocument> = fc.oneof(
  richFlow,
  fc.record({ gold: richFlow, free: richFlow }).map(({ gold, free }) => ({
    classes: { gold: { ...gold, priority: 3 }, free: { ...free, weight: 0.5 } },
  })),
);

const fault = (...names: readonly string[]): fc.Arbitrary<FaultDocument> =>
  fc.record({
    do: fc.constant("outage" as const),
    node: fc.constantFrom("front", "middle", "leaf", "db", "cache", "jobs", "worker", ...names),
    at: ms(0, 200),
    for: ms(1, 100),
    requests: fc.constantFrom("hang" as const, "refuse" as const),
  });

const interval = { at: ms(0, 200), for: ms(1, 100) };
const worksAlone = fc.constantFrom("middle", "db", "cache", "worker");

/** Faults of every other kind. */
const richFault: fc.Arbitrary<FaultDocument> = fc.oneof(
  fault("events", "bus", "biller", "helper", "grave", "nightly"),
  fc.record({
    do: fc.constant("crash" as const),
    zone: fc.constantFrom("a", "b"),
    mtbf: ms(10, 100),
    mttr: ms(1, 20),
    requests: fc.constantFrom("hang" as const, "refuse" as const),
  }),
  fc.record({ do: fc.constant("slow" as const), node: worksAlone, by: fc.constantFrom(0.5, 4), ...interval }),
  fc.record({
    do: fc.constant("errors" as const),
    node: worksAlone,
    probability: fc.constantFrom(0.1, 1),
    ...interval,
  }),
  fc.record({ do: fc.constant("pause" as const), node: fc.constantFrom("db", "worker", "cache"), ...interval }),
  fc.record({ do: fc.constant("pauses" as const), node: fc.constantFrom("db", "worker"), every: time, for: time }),
  fc.record({
    do: fc.constant("partition" as const),
    between: fc.constantFrom<[string, string]>(["a", "b"], ["traffic", "front"], ["middle", "db"]),
    ...interval,
    requests: fc.constantFrom("hang" as const, "refuse" as const),
  }),
);

const richNetwork: fc.Arbitrary<NetworkDocument> = fc
  .record({
    latency: fc.record({ zone: ms(0, 0.2), world: time }),
    hops: fc.constantFrom<readonly HopDocument[]>(
      [],
      [
        {
          from: "front",
          to: "db",
          bandwidth: "100Mbps",
          request: "2KB",
          response: "10KB",
          loss: 0.1,
          retransmit: "1ms",
        },
      ],
    ),
  })
  .map((network) => ({ ...network, zones: { a: { nodes: ["front", "middle"] }, b: { nodes: ["db", "cache"] } } }));

/** Models of every kind of element, step, distribution, balance and traffic; each is valid, few are sensible. */
export const anyModel: fc.Arbitrary<ModelDocument> = fc.oneof(modelsOf(false), modelsOf(true));

/** `rich`: with policies, with lines and cores that keep another order than that of arrival, and with what scales. */
function modelsOf(rich: boolean): fc.Arbitrary<ModelDocument> {
  const called = rich ? richData : data;
  return fc
    .record({
      front: service([["middle", "serve"], ...called], ["browse", "buy"], rich),
      middle: service(called, ["serve"], rich),
      db: database(rich),
      cache: rich ? fc.oneof(ratioCache, keyedCache) : ratioCache,
      ...(rich ? policies : ({} as Partial<typeof policies>)),
      // They publish nothing to what they take from: a queue that feeds itself never runs dry.
      ...(rich
        ? messaging(steps(data, 1, true), steps(data, 1, true, ["jobs", "bus"]))
        : {
            jobs: fc.record({ kind: fc.constant("queue" as const), capacity: fc.integer({ min: 1, max: 20 }) }),
            worker: fc.record({
              kind: fc.constant("worker" as const),
              takes: fc.constant("jobs"),
              threads: fc.integer({ min: 1, max: 3 }),
              work: fc.oneof(time, steps(data, 1, false)),
            }),
          }),
      traffic: rich ? richTraffic : traffic,
      faults: fc.array(rich ? richFault : fault(), { maxLength: 2 }),
      network: rich ? richNetwork : fc.constant(undefined),
    })
    .map(({ traffic, faults, network, ...nodes }) => ({
      architech: 1,
      nodes: {
        ...nodes,
        // Takes a constant time on a core and nothing else: what it is busy with is known.
        leaf: { kind: "service", threads: 2, ops: { serve: [{ do: "cpu", time: "0.5ms" }] } },
      },
      traffic: goesByKey(nodes.cache, nodes.db) ? keyed(traffic) : traffic,
      faults,
      ...(network === undefined ? {} : { network }),
    }));
}
