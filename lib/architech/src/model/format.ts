import { parseDuration } from "../units/duration.js";
import { parseRate, rates } from "../units/rate.js";
import { costShape } from "./cost-format.js";
import type { Balance, CostDocument, NodeDocument } from "./document.js";
import { duration, flag, object, only, optional, positiveDuration, required } from "./field.js";
import { lognormalRange, lognormalSigma, normalQuantiles } from "./lognormal.js";
import type { ScaleDocument } from "./scale-document.js";
import { mostReplicas, readsCpu, scaleShape, sets } from "./scale-format.js";
import { type Fail, limits, type ObjectShape, type Shape } from "./shape.js";

const rate: Shape = { shape: "amount", family: rates, positive: true };
const count: Shape = { shape: "number", min: 1, max: limits.count, whole: true };
const ratio: Shape = { shape: "number", min: 0, max: 1 };
const weight: Shape = { shape: "number", min: 0, max: 1e12 };
const text: Shape = { shape: "text", maxLength: limits.text };
const reference: Shape = { shape: "text", maxLength: limits.name };
const list = (what: string, of: () => Shape): Shape => ({ shape: "list", of, what, least: 1 });
const steps = (least: 0 | 1): Shape => ({ shape: "list", of: () => step, what: "steps", least, steps: true });

const weighed =
  (field: string) =>
  (value: Readonly<Record<string, readonly { readonly weight: number }[]>>, fail: Fail): void => {
    if (!value[field]!.some((item) => item.weight > 0)) fail(field, "has only weights of 0: at least one must be more");
  };

const distribution: Shape = {
  shape: "tagged",
  tag: "dist",
  what: "a distribution",
  cases: {
    constant: object("a constant", { dist: required(only("constant")), value: required(duration) }),
    uniform: object(
      "a uniform distribution",
      { dist: required(only("uniform")), min: required(duration), max: required(duration) },
      (value: { min: string; max: string }, fail) => {
        if (parseDuration(value.min) > parseDuration(value.max))
          fail("max", `is "${value.max}", less than min "${value.min}"`);
      },
    ),
    exponential: object("an exponential distribution", {
      dist: required(only("exponential")),
      mean: required(positiveDuration),
    }),
    erlang: object("an Erlang distribution", {
      dist: required(only("erlang")),
      shape: required({ shape: "number", min: 1, max: 1000, whole: true }, "Exponential phases in a row."),
      mean: required(positiveDuration),
    }),
    gamma: object("a gamma distribution", {
      dist: required(only("gamma")),
      shape: required({ shape: "number", min: 0.01, max: 1000 }, "The variance is mean² / shape."),
      mean: required(positiveDuration),
    }),
    weibull: object("a Weibull distribution", {
      dist: required(only("weibull")),
      shape: required({ shape: "number", min: 0.1, max: 100 }, "Below 1 the tail is heavier than an exponential's."),
      mean: required(positiveDuration),
    }),
    lognormal: {
      shape: "by field",
      what: "a lognormal distribution",
      cases: {
        sigma: object("a lognormal distribution", {
          dist: required(only("lognormal")),
          mean: required(positiveDuration),
          sigma: required({ shape: "number", min: 0, max: 10 }, "Standard deviation of the underlying normal."),
        }),
        percentile: object(
          "a lognormal distribution",
          {
            dist: required(only("lognormal")),
            mean: required(positiveDuration),
            percentile: required(only(...Object.keys(normalQuantiles).map(Number)), "Which percentile `value` is."),
            value: required(positiveDuration),
          },
          possiblePercentile,
        ),
      },
    },
    pareto: object("a Pareto distribution", {
      dist: required(only("pareto")),
      min: required(positiveDuration),
      alpha: required({ shape: "number", above: 0, max: 1000 }, "The mean is finite above 1, the variance above 2."),
    }),
    mixture: object(
      "a mixture",
      { dist: required(only("mixture")), of: required(list("parts", () => part)) },
      weighed("of"),
    ),
    empirical: object("an empirical distribution", {
      dist: required(only("empirical")),
      values: required(
        list("values", () => duration),
        "Each is equally likely.",
      ),
    }),
  },
};

function possiblePercentile(value: { mean: string; percentile: number; value: string }, fail: Fail): void {
  const mean = parseDuration(value.mean);
  if (lognormalSigma(value.percentile, Math.log(parseDuration(value.value) / mean)) !== undefined) return;
  const [low, high] = lognormalRange(value.percentile, mean);
  const p = `p${String(value.percentile).replace(".", "")}`;
  fail(
    "value",
    `(${p}) is "${value.value}": no lognormal of mean "${value.mean}" has that; its ${p} is from ${low === 0 ? "0" : Number(low.toPrecision(3))} to ${Number(high.toPrecision(3))} ms`,
  );
}

const time: Shape = { shape: "either", what: "a time", text: duration, object: distribution };
const part = object("a part of a mixture", { weight: required(weight), time: required(time) });

const branch = object("a branch", {
  weight: required(weight, "Branches are drawn in proportion to their weights."),
  steps: required(steps(0)),
});

const step: Shape = {
  shape: "tagged",
  tag: "do",
  what: "a step",
  cases: {
    cpu: object("a step", { do: required(only("cpu")), time: required(time) }),
    wait: object("a step", { do: required(only("wait")), time: required(time) }),
    call: object("a step", {
      do: required(only("call")),
      to: required(reference),
      op: required(reference, "An operation of a service, read or write of a database, get or put of a cache."),
      miss: optional(steps(0), "What a get does when the cache does not have the value."),
    }),
    publish: object("a step", { do: required(only("publish")), to: required(reference, "A queue.") }),
    parallel: object("a step", {
      do: required(only("parallel")),
      branches: required(list("branches", () => steps(0))),
    }),
    either: object(
      "a step",
      { do: required(only("either")), branches: required(list("branches", () => branch)) },
      weighed("branches"),
    ),
    repeat: object("a step", { do: required(only("repeat")), times: required(count), steps: required(steps(1)) }),
    retry: object("a step", {
      do: required(only("retry")),
      times: required({ shape: "number", min: 0, max: limits.count, whole: true }, "Further attempts after the first."),
      backoff: required(duration, "Pause before the next attempt."),
      growth: optional(only("fixed", "exponential"), "Default fixed. Exponential doubles the pause with each attempt."),
      cap: optional(duration, "The longest pause."),
      jitter: optional(ratio, "Share of the pause that is drawn. Default 0; 1 is full jitter."),
      steps: required(steps(1)),
    }),
    timeout: object("a step", {
      do: required(only("timeout")),
      after: required(positiveDuration),
      steps: required(steps(1)),
    }),
    fail: object("a step", { do: required(only("fail")), probability: optional(ratio, "Default 1.") }),
  },
};

const balance: Shape = {
  shape: "either",
  what: "a way to balance",
  text: only("round-robin", "random", "least-connections"),
  object: object("a way to balance", {
    choices: required(count, "Replicas drawn at random, of which the least busy is taken."),
  }),
};

const line: Shape = object("a queue", {
  capacity: optional(
    { shape: "number", min: 0, max: limits.count, whole: true },
    "Requests that wait at most; one more fails at once. Default: no limit.",
  ),
  order: optional(only("fifo", "lifo"), "Who is next: the one that has waited longest (the default), or the newest."),
});

const scale = scaleShape(time);
const cost = optional(costShape, "What it costs.");

interface Scalable {
  readonly replicas?: number;
  readonly threads?: number;
  readonly cores?: number;
  readonly scale?: ScaleDocument;
}

function fittingService(
  value: Scalable & { threads?: number; cores?: number; balance?: Balance; queue?: object; cost?: CostDocument },
  fail: Fail,
): void {
  enoughReplicas(value, fail);
  fittingScale(value, fail);
  countedCores(value, value.cores ?? value.threads, fail);
  if (sets(value.scale, "threads") && value.threads === undefined)
    fail("scale", "sets threads, but there is no limit of them to begin with: set threads too");
  if (sets(value.scale, "cores") && value.threads === undefined && value.cores === undefined)
    fail("scale", "sets cores, but there is no limit of them to begin with: set cores, or threads");
  if (readsCpu(value.scale) && value.threads === undefined && value.cores === undefined)
    fail("scale", "looks at busy cores, but there is no limit of them: set cores, or threads");
  if (value.queue !== undefined && value.threads === undefined)
    fail("queue", "is given, but without a limit of threads nothing waits: set threads too");
}

/** Threads and cores of one node that are counted as they come and go. */
const countable = 500_000_000;

function largestReplica({ threads = 1, cores = 1, scale }: Scalable): number {
  const steps = scale?.by === "schedule" ? scale.steps : [];
  return Math.max(threads, cores, ...steps.flatMap((step) => [step.threads ?? 1, step.cores ?? 1]));
}

function fittingScale(value: Scalable, fail: Fail): void {
  const { replicas = 0, scale } = value;
  const most = mostReplicas(value);
  if (scale !== undefined && replicas > limits.scaled)
    fail("replicas", `is ${replicas}: of what scales there may be ${limits.scaled} at most`);
  if (scale !== undefined && most * largestReplica(value) > countable)
    fail("scale", `has more than ${countable} threads or cores over ${most} replicas: make them fewer or smaller`);
  if (replicas > most) fail("replicas", `is ${replicas}, more than the ${most} that scale allows`);
}

/** A price of cores needs a number of them. */
function countedCores({ cost }: { cost?: CostDocument }, cores: number | undefined, fail: Fail): void {
  if (cost?.coreHour !== undefined && cores === undefined)
    fail("cost", "has a price of cores, but there is no number of them: take coreHour out, or set cores or threads");
}

function noCores(value: object, fail: Fail): void {
  countedCores(value, undefined, fail);
}

function fittingWorker(value: Scalable, fail: Fail): void {
  fittingScale(value, fail);
  if (sets(value.scale, "cores")) fail("scale", "sets cores, but a worker's threads are its cores: set threads");
}

function enoughReplicas(value: Scalable & { balance?: Balance }, fail: Fail): void {
  const choices = typeof value.balance === "object" ? value.balance.choices : 1;
  const replicas = mostReplicas(value);
  if (choices > replicas)
    fail("balance", `has ${choices} choices among ${replicas} ${replicas === 1 ? "replica" : "replicas"}`);
}

/** The shape of each kind of node. */
export const nodeShapes: Readonly<Record<NodeDocument["kind"], ObjectShape>> = {
  service: object(
    "a service",
    {
      kind: required(only("service")),
      replicas: optional(count, "Default 1; with scale how many there are at first, and by default its min."),
      scale: optional(scale, "Decides how many replicas there are as time goes on."),
      threads: optional(count, "Requests that a replica works on at once, calls included. Default: no limit."),
      cores: optional(count, "Cores that the cpu steps of a replica share. Default: as many as threads."),
      balance: optional(balance, "Which replica a call goes to. Default round-robin."),
      queue: optional(line, "How requests wait for a thread of a replica."),
      ops: required({ shape: "named", of: () => steps(0), what: "an operation", least: 1, most: limits.ops }),
      cost,
    },
    fittingService,
  ),
  database: object(
    "a database",
    {
      kind: required(only("database")),
      connections: required(count, "Queries worked on at once."),
      read: required(time),
      write: required(time),
      queue: optional(line, "How queries wait for a connection."),
      cost,
    },
    noCores,
  ),
  cache: object(
    "a cache",
    {
      kind: required(only("cache")),
      get: required(time),
      put: optional(time, "Default: as get."),
      hitRatio: required(ratio, "Share of gets that find their value."),
      fronts: optional(reference, "The database that a get reads on a miss, unless it says otherwise."),
      cost,
    },
    noCores,
  ),
  queue: object(
    "a queue",
    {
      kind: required(only("queue")),
      capacity: optional(count, "Messages that wait at most; a put into a full queue fails. Default: no limit."),
      cost,
    },
    noCores,
  ),
  worker: object(
    "a worker",
    {
      kind: required(only("worker")),
      takes: required(reference, "A queue."),
      replicas: optional(count, "Default 1; with scale how many there are at first, and by default its min."),
      scale: optional(scale, "Decides how many replicas there are as time goes on."),
      threads: optional(count, "Messages that a replica works on at once. Default 1."),
      work: required({
        shape: "either",
        what: "the work on a message",
        text: duration,
        object: distribution,
        list: steps(1),
      }),
      cost,
    },
    fittingWorker,
  ),
};

const profile: Shape = object(
  "a profile of rates",
  {
    points: required(
      list("points", () =>
        object("a point", { at: required(duration), rate: required({ shape: "amount", family: rates }) }),
      ),
      "In the order of their times; two at one time are a jump.",
    ),
    steps: optional(flag, "Whether the rate stays until the next point. Default: it goes there in a straight line."),
    repeat: optional(flag, "Whether it begins anew at the time of the last point. Default false."),
  },
  inOrder,
);

function inOrder(
  { points, steps, repeat }: { points: readonly { at: string; rate: string }[]; steps?: boolean; repeat?: boolean },
  fail: Fail,
): void {
  const times = points.map(({ at }) => parseDuration(at));
  const back = times.findIndex((time, i) => i > 0 && time < times[i - 1]!);
  if (back > 0) fail("points", `go back in time: "${points[back]!.at}" comes after "${points[back - 1]!.at}"`);
  if (points.every(({ rate }) => parseRate(rate) === 0))
    fail("points", "has only rates of 0: at least one must be more");
  const values = points.map(({ rate }) => parseRate(rate));
  const due = times.reduce((sum, time, i) => {
    const before = values[i - 1] ?? values[0]!;
    return sum + (time - (times[i - 1] ?? 0)) * (before + (steps === true ? before : values[i]!));
  }, 0);
  if (repeat === true && !(due > 0)) fail("repeat", "is asked for, but nobody arrives until the last point");
}

const mix: Shape = { shape: "named", of: () => weight, what: "an operation", least: 1, most: limits.ops };

function mixed(value: { mix: Readonly<Record<string, number>> }, fail: Fail): void {
  if (!Object.values(value.mix).some((share) => share > 0))
    fail("mix", "has only weights of 0: at least one must be more");
}

/** The shapes of traffic, by the field that tells them apart. */
export const trafficShapes: Readonly<Record<"rate" | "users", ObjectShape>> = {
  rate: object(
    "open traffic",
    {
      to: required(reference, "A service."),
      rate: required({ shape: "either", what: "a rate", text: rate, object: profile }),
      arrivals: optional(only("poisson", "regular"), "Default poisson."),
      mix: required(mix, "Weights by operation."),
    },
    mixed,
  ),
  users: object(
    "closed traffic",
    {
      to: required(reference, "A service."),
      users: required(count),
      think: required(time),
      mix: required(mix, "Weights by operation."),
    },
    mixed,
  ),
};

const fault: Shape = {
  shape: "tagged",
  tag: "do",
  what: "a fault",
  cases: {
    outage: object("an outage", {
      do: required(only("outage")),
      node: required(reference),
      at: required(duration),
      for: required(positiveDuration),
      requests: optional(
        only("hang", "refuse"),
        "What happens to requests meanwhile: they wait (the default) or fail at once.",
      ),
    }),
  },
};

const coordinate: Shape = { shape: "number", min: -1e9, max: 1e9 };

/** The shape of a whole document. */
export const documentShape: ObjectShape = object("a model", {
  $schema: optional(text),
  architech: required(only(1), "Version of the format."),
  name: optional(text),
  nodes: required({
    shape: "named",
    of: () => ({ shape: "tagged", tag: "kind", what: "a node", cases: nodeShapes }),
    what: "a node",
    least: 1,
    most: limits.nodes,
  }),
  traffic: required({ shape: "by field", what: "traffic", cases: trafficShapes }),
  faults: optional({ shape: "list", of: () => fault, what: "faults", least: 0 }),
  layout: optional(
    {
      shape: "named",
      of: () => object("a place", { x: required(coordinate), y: required(coordinate) }),
      what: "a node",
      least: 0,
      most: limits.nodes + 1,
    },
    "Where a diagram puts each node.",
  ),
});
