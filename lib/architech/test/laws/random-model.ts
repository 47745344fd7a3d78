import fc from "fast-check";
import type {
  FaultDocument,
  FlowDocument,
  HopDocument,
  LineDocument,
  ModelDocument,
  NetworkDocument,
  NodeDocument,
  StepDocument,
  TimeDocument,
  TrafficDocument,
} from "#src/model/document.js";
import { mostReplicas } from "#src/model/format-scale.js";
import type { ScaleDocument } from "#src/model/scale-document.js";

const ms = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => `${n / 100}ms`);

const time: fc.Arbitrary<TimeDocument> = fc.oneof(
  ms(0.1, 3),
  ms(0.1, 3).map((mean) => ({ dist: "exponential", mean }) as const),
  fc.record({ dist: fc.constant("erlang" as const), shape: fc.integer({ min: 1, max: 5 }), mean: ms(0.1, 3) }),
  fc.record({
    dist: fc.constantFrom("gamma" as const, "weibull" as const),
    shape: fc.constantFrom(0.5, 1.5, 4),
    mean: ms(0.1, 3),
  }),
  fc.record({ dist: fc.constant("uniform" as const), min: ms(0, 1), max: ms(1, 3) }),
  fc.record({ dist: fc.constant("lognormal" as const), mean: ms(0.1, 3), sigma: fc.constantFrom(0.2, 1) }),
  fc.record({ dist: fc.constant("pareto" as const), min: ms(0.1, 1), alpha: fc.constantFrom(1.5, 3) }),
  ms(0.1, 3).map(
    (mean) =>
      ({
        dist: "mixture",
        of: [
          { weight: 1, time: mean },
          { weight: 2, time: { dist: "exponential", mean } },
        ],
      }) as const,
  ),
  fc.array(ms(0.1, 3), { minLength: 1, maxLength: 4 }).map((values) => ({ dist: "empirical", values }) as const),
);

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
  ];
}

/** Steps that may call only these: later nodes, so that every call comes to an end. */
function steps(
  targets: readonly (readonly [string, string])[],
  depth: number,
  rich: boolean,
  queue?: string,
): fc.Arbitrary<StepDocument[]> {
  const call = fc.constantFrom(...targets).map(([to, op]) => ({ do: "call", to, op }) as const);
  const simple: fc.Arbitrary<StepDocument> = fc.oneof(
    { weight: 3, arbitrary: time.map((time) => ({ do: "cpu", time }) as const) },
    { weight: 1, arbitrary: time.map((time) => ({ do: "wait", time }) as const) },
    { weight: 4, arbitrary: call },
    ...(queue === undefined ? [] : [{ weight: 1, arbitrary: fc.constant({ do: "publish", to: queue } as const) }]),
    {
      weight: 1,
      arbitrary: fc.constantFrom(0.05, 0.5, 1).map((probability) => ({ do: "fail", probability }) as const),
    },
  );
  if (depth === 0) return fc.array(simple, { minLength: 1, maxLength: 3 });
  const inner = steps(targets, depth - 1, rich, queue);
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

const rules = fc.option(
  fc.record(
    {
      stabilization: fc.constantFrom("0s", "30ms"),
      policies: fc.constant([
        { pods: 1, period: "20ms" },
        { percent: 50, period: "40ms" },
      ]),
      select: fc.constantFrom("max" as const, "min" as const, "disabled" as const),
      tolerance: fc.constantFrom(0, 0.5),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

/** Everything happens within a few hundred milliseconds, so scalers are quick. Documents have no undefined fields. */
const scale = (cpu: boolean, triggers: "service" | "worker"): fc.Arbitrary<ScaleDocument | undefined> =>
  fc
    .record({
      by: fc.constantFrom("none" as const, "none" as const, "hpa" as const, "keda" as const, "schedule" as const),
      min: fc.integer({ min: 0, max: 2 }),
      more: fc.integer({ min: 1, max: 3 }),
      target: fc.constantFrom(
        ...(cpu ? [{ cpu: 0.5 }, { cores: 0.3, rate: "200rps" }] : []),
        { concurrency: 2 },
        { rate: "100rps", queue: { of: "jobs", average: 2 } },
        { queue: { of: "jobs", value: 3 } },
      ),
      up: rules,
      down: rules,
      startup: fc.option(time, { nil: undefined }),
      repeat: fc.option(fc.constant("90ms"), { nil: undefined }),
      threads: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      cores: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    })
    .map(({ by, min, more, target, up, down, startup, repeat, threads, cores }) => {
      const common = {
        ...(up === undefined ? {} : { up }),
        ...(down === undefined ? {} : { down }),
        ...(startup === undefined ? {} : { startup }),
        sync: "15ms",
      };
      // A service whose queue is empty would never come back from nothing, nor what may rise by a share of nothing.
      const returns = triggers === "worker" && "queue" in target && (up?.select ?? "max") === "max";
      if (by === "hpa")
        return {
          by,
          min: returns ? min : Math.max(1, min),
          max: min + more,
          target,
          ...common,
        };
      if (by === "keda") {
        const trigger = triggers === "worker" ? { lag: 2 } : { concurrency: 2 };
        return { by, min, max: min + more, ...trigger, polling: "20ms", cooldown: "40ms", ...common };
      }
      if (by === "none") return undefined;
      return {
        by,
        steps: [
          { at: "10ms", replicas: min },
          {
            at: "60ms",
            replicas: more,
            ...(cpu && threads !== undefined ? { threads } : {}),
            ...(cpu && triggers === "service" && cores !== undefined ? { cores } : {}),
          },
        ],
        ...(repeat === undefined ? {} : { repeat }),
        ...(startup === undefined ? {} : { startup }),
      };
    });

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
);

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
      steps: fc.array(steps(targets, 2, rich, "jobs"), { minLength: ops.length, maxLength: ops.length }),
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

const fault: fc.Arbitrary<FaultDocument> = fc.record({
  do: fc.constant("outage" as const),
  node: fc.constantFrom("front", "middle", "leaf", "db", "cache", "jobs", "worker"),
  at: ms(0, 200),
  for: ms(1, 100),
  requests: fc.constantFrom("hang" as const, "refuse" as const),
});

const interval = { at: ms(0, 200), for: ms(1, 100) };
const worksAlone = fc.constantFrom("middle", "db", "cache", "worker");

/** Faults of every other kind. */
const richFault: fc.Arbitrary<FaultDocument> = fc.oneof(
  fault,
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
      db: fc.record({
        kind: fc.constant("database" as const),
        connections: fc.integer({ min: 1, max: 4 }),
        read: time,
        write: time,
      }),
      cache: fc.record({
        kind: fc.constant("cache" as const),
        get: time,
        hitRatio: fc.constantFrom(0, 0.5, 1),
        fronts: fc.constant("db"),
      }),
      ...(rich ? policies : ({} as Partial<typeof policies>)),
      jobs: fc.record({ kind: fc.constant("queue" as const), capacity: fc.integer({ min: 1, max: 20 }) }),
      worker: fc
        .record({
          kind: fc.constant("worker" as const),
          takes: fc.constant("jobs"),
          threads: fc.integer({ min: 1, max: 3 }),
          // It publishes nothing: a queue that feeds itself never runs dry.
          work: fc.oneof(time, steps(data, 1, rich)),
          scale: rich ? scale(true, "worker") : fc.constant(undefined),
        })
        .map(({ scale, ...worker }) => (scale === undefined ? worker : { ...worker, scale })),
      traffic: rich ? richTraffic : traffic,
      faults: fc.array(rich ? richFault : fault, { maxLength: 2 }),
      network: rich ? richNetwork : fc.constant(undefined),
    })
    .map(({ traffic, faults, network, ...nodes }) => ({
      architech: 1,
      nodes: {
        ...nodes,
        // Takes a constant time on a core and nothing else: what it is busy with is known.
        leaf: { kind: "service", threads: 2, ops: { serve: [{ do: "cpu", time: "0.5ms" }] } },
      },
      traffic,
      faults,
      ...(network === undefined ? {} : { network }),
    }));
}
