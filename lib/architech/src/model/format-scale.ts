import { parseDuration } from "../units/duration.js";
import { time } from "./format-time.js";
import type { HpaDocument, KedaDocument, ScaleDocument, ScheduleDocument } from "./scale-document.js";
import { type Fail, type Field, limits, type Shape } from "./shape.js";
import {
  count,
  duration,
  flag,
  object,
  only,
  optional,
  positiveDuration,
  rate,
  ratio,
  reference,
  required,
} from "./shape-parts.js";

const replicas = (min: number): Shape => ({ shape: "number", min, max: limits.scaled, whole: true });
const amount: Shape = { shape: "number", above: 0, max: limits.count };

const period = required(positiveDuration, "Within any stretch of this length.");
const policy: Shape = {
  shape: "by field",
  what: "a scaling policy",
  cases: {
    pods: object("a scaling policy", { pods: required(replicas(1), "Replicas at most."), period }),
    percent: object("a scaling policy", {
      percent: required(
        { shape: "number", min: 1, max: limits.count, whole: true },
        "Percent of the replicas at most.",
      ),
      period,
    }),
  },
};

const rules: Shape = {
  ...object("scaling rules", {
    stabilization: optional(duration, "Past wishes of this long hold a change back. Default 0s up, 300s down."),
    policies: optional({ shape: "list", of: () => policy, what: "policies", least: 1 }, "How fast it may go."),
    select: optional(
      only("max", "min", "disabled"),
      "Which policy counts: the one that allows the most (default), the least, or none.",
    ),
    tolerance: optional(ratio, "Ratios of metric and target this near to 1 change nothing."),
  }),
  shared: true,
};

const queueTarget: Shape = {
  shape: "by field",
  what: "a queue's target",
  cases: {
    average: object("a queue's target", {
      of: required(reference, "A queue."),
      average: required(amount, "Waiting messages for each replica."),
    }),
    value: object("a queue's target", {
      of: required(reference, "A queue."),
      value: required(amount, "Waiting messages in all."),
    }),
  },
};

const target: Shape = object(
  "a target",
  {
    cpu: optional({ shape: "number", above: 0, max: 1 }, "Busy share of a replica's cores."),
    cores: optional(amount, "Busy cores of a replica."),
    concurrency: optional(amount, "Requests inside a replica, waiting ones included."),
    rate: optional(rate, "Requests that a replica answers."),
    queue: optional(queueTarget, "Messages that wait in a queue."),
  },
  (value: object, fail) => {
    if (Object.keys(value).length === 0) fail("cpu", "is missing, and so is every other: a target has one at least");
  },
);

const startup = optional(time, "From a replica's creation to its first request. Default: none.");
const common: Record<string, Field> = {
  up: optional(rules, "How it rises."),
  down: optional(rules, "How it falls."),
  sync: optional(positiveDuration, "How often metrics are read and replicas decided. Default 15s."),
  tolerance: optional(ratio, "Default 0.1."),
  startup,
};

/** The shape of `scale`. */
const scaleShape: Shape = {
  shape: "tagged",
  tag: "by",
  what: "a way to scale",
  cases: {
    hpa: object(
      "an HPA",
      {
        by: required(only("hpa")),
        min: optional(replicas(0), "Default 1; 0 only with a queue among the targets."),
        max: required(replicas(1)),
        target: required(target),
        cpuInitialization: optional(
          duration,
          "For this long after a replica's creation its cpu counts only once a whole sync period is known. Default 5min.",
        ),
        ...common,
      },
      fittingHpa,
    ),
    keda: object(
      "a ScaledObject of KEDA",
      {
        by: required(only("keda")),
        min: optional(replicas(0), "Default 0."),
        max: optional(replicas(1), "Default 100."),
        idle: optional(replicas(0), "Replicas while nothing is active. Default: min."),
        lag: optional(amount, "Messages for each replica."),
        queue: optional(reference, "Whose messages. Default: of the queue that a worker takes from."),
        inFlight: optional(flag, "Whether messages that are being worked on count. Default true."),
        idleConsumers: optional(flag, "Of a log: whether there may be more replicas than partitions. Default false."),
        concurrency: optional(amount, "Requests for each replica, waiting ones included."),
        cpu: optional({ shape: "number", above: 0, max: 1 }, "Busy share of a replica's cores; makes nothing active."),
        activation: optional(
          { shape: "number", min: 0, max: limits.count },
          "More than so many messages or requests make it active. Default 0.",
        ),
        polling: optional(positiveDuration, "How often the triggers are looked at. Default 30s."),
        cooldown: optional(duration, "How long nothing must have been active before all go. Default 300s."),
        initialCooldown: optional(duration, "How long replicas stay that were never needed. Default 0s."),
        ...common,
      },
      fittingKeda,
    ),
    schedule: object(
      "a schedule",
      {
        by: required(only("schedule")),
        steps: required(
          {
            shape: "list",
            of: () =>
              object("a step", {
                at: required(duration),
                replicas: optional(replicas(0), "How many there are from then on."),
                threads: optional(count, "Threads of each from then on."),
                cores: optional(count, "Cores of each from then on."),
              }),
            what: "steps",
            least: 1,
          },
          "In the order of their times.",
        ),
        repeat: optional(positiveDuration, "Begins anew after this long. Default: it does not."),
        startup,
      },
      fittingSchedule,
    ),
  },
};
/** The field of what may have more or fewer replicas as time goes on. */
export const scale: Field = optional(scaleShape, "Decides how many replicas there are as time goes on.");

function fittingHpa({ min = 1, max, target: { queue } }: HpaDocument, fail: Fail): void {
  if (min > max) fail("min", `is ${min}, more than max ${max}`);
  if (min === 0 && queue === undefined)
    fail("min", "is 0, but without replicas only a queue can be read: add a queue to the target, or write 1");
}

function fittingKeda({ min = 0, max = 100, idle, lag, concurrency, ...settings }: KedaDocument, fail: Fail): void {
  if (min > max) fail("min", `is ${min}, more than max ${max}`);
  if (idle !== undefined && idle >= min) fail("idle", `is ${idle}, which is not less than min ${min}`);
  if (lag === undefined && concurrency === undefined) {
    if (settings.cpu === undefined)
      fail("lag", "is missing, and so are concurrency and cpu: a ScaledObject has a trigger");
    if (min === 0) fail("min", "is 0, but busy cores alone wake nothing up: write 1, or add lag or concurrency");
  }
  if (lag === undefined && settings.queue !== undefined) fail("queue", "is given, but no lag: set how much of it");
}

function fittingSchedule({ steps, repeat }: ScheduleDocument, fail: Fail): void {
  const times = steps.map(({ at }) => parseDuration(at));
  const back = times.findIndex((time, i) => i > 0 && time <= times[i - 1]!);
  if (back > 0)
    fail("steps", `are not in the order of their times: "${steps[back]!.at}" comes after "${steps[back - 1]!.at}"`);
  if (repeat !== undefined && times.at(-1)! >= parseDuration(repeat))
    fail("repeat", `is "${repeat}", but the last step comes at "${steps.at(-1)!.at}"`);
  if (steps.every((step) => step.replicas === 0)) fail("steps", "has only 0 replicas: at least one must be more");
  const empty = steps.find(({ replicas, threads, cores }) => (replicas ?? threads ?? cores) === undefined);
  if (empty !== undefined) fail("steps", `says nothing at "${empty.at}": give replicas, threads or cores`);
}

/** The most replicas that a way to scale may ask for, of a node that has so many at first. */
export function mostReplicas({ replicas = 1, scale }: Scaled): number {
  if (scale === undefined) return replicas;
  // A schedule that sets none leaves as many as there are.
  if (scale.by === "schedule") return Math.max(replicas, ...scale.steps.map((step) => step.replicas ?? 0));
  return scale.max ?? 100;
}

/** What is needed of a node to know that. */
interface Scaled {
  readonly replicas?: number;
  readonly scale?: ScaleDocument;
}

/** What scaling asks of a node. */
export interface Scalable extends Scaled {
  readonly threads?: number;
  readonly cores?: number;
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

/** Whether a service can scale that way. */
export function fittingScaledService(value: Scalable, fail: Fail): void {
  fittingScale(value, fail);
  if (sets(value.scale, "threads") && value.threads === undefined)
    fail("scale", "sets threads, but there is no limit of them to begin with: set threads too");
  if (sets(value.scale, "cores") && value.threads === undefined && value.cores === undefined)
    fail("scale", "sets cores, but there is no limit of them to begin with: set cores, or threads");
  if (readsCpu(value.scale) && value.threads === undefined && value.cores === undefined)
    fail("scale", "looks at busy cores, but there is no limit of them: set cores, or threads");
}

/** Whether a worker can. */
export function fittingScaledWorker(value: Scalable, fail: Fail): void {
  fittingScale(value, fail);
  if (sets(value.scale, "cores")) fail("scale", "sets cores, but a worker's threads are its cores: set threads");
}

/** Whether a way to scale sets this of single replicas. */
function sets(scale: ScaleDocument | undefined, what: "threads" | "cores"): boolean {
  return scale?.by === "schedule" && scale.steps.some((step) => step[what] !== undefined);
}

/** Whether a way to scale looks at busy cores. */
export function readsCpu(scale: ScaleDocument | undefined): boolean {
  if (scale?.by === "keda") return scale.cpu !== undefined;
  return scale?.by === "hpa" && (scale.target.cpu !== undefined || scale.target.cores !== undefined);
}
