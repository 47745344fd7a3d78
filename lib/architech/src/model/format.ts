import type { BalanceDocument, GatewayDocument } from "./balance-document.js";
import type { CostDocument } from "./cost-document.js";
import { balance, fittingBalance, health } from "./format-balance.js";
import { cacheShape } from "./format-cache.js";
import { cost, countedCores, noCores } from "./format-cost.js";
import { databaseShape } from "./format-database.js";
import { fault } from "./format-faults.js";
import { groups } from "./format-groups.js";
import { line } from "./format-line.js";
import { messagingShapes, takingFields } from "./format-messaging.js";
import { network } from "./format-network.js";
import { policyShapes } from "./format-policies.js";
import { fittingScaledService, fittingScaledWorker, mostReplicas, type Scalable, scale } from "./format-scale.js";
import { distribution, time, weighed } from "./format-time.js";
import { traffic } from "./format-traffic.js";
import type { NodeDocument } from "./node-document.js";
import { type ByField, type Fail, limits, type ObjectShape, type Shape } from "./shape.js";
import {
  count,
  duration,
  flag,
  list,
  object,
  only,
  optional,
  positiveDuration,
  ratio,
  reference,
  required,
  text,
  weight,
} from "./shape-parts.js";

const steps = (least: 0 | 1): Shape => ({ shape: "list", of: () => step, what: "steps", least, steps: true });

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
    publish: object("a step", { do: required(only("publish")), to: required(reference, "A queue, a log or a topic.") }),
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
      jitter: optional(
        { shape: "either", what: "a share", text: only("decorrelated"), number: ratio },
        "Share of the pause that is drawn. Default 0; 0.5 is equal, 1 full jitter.",
      ),
      budget: optional(reference, "A retry budget that further attempts are taken from."),
      steps: required(steps(1)),
    }),
    timeout: object("a step", {
      do: required(only("timeout")),
      after: required(positiveDuration),
      cancel: optional(flag, "Whether what the steps have started ends before its next step. Default: it goes on."),
      steps: required(steps(1)),
    }),
    hedge: object("a step", {
      do: required(only("hedge")),
      after: required(positiveDuration, "Time without an answer after which the steps are started once more."),
      times: optional(count, "How often they are started once more, at most. Default 1."),
      cancel: optional(flag, "Whether the others end before their next step once there is an answer. Default false."),
      steps: required(steps(1)),
    }),
    guard: object("a step", {
      do: required(only("guard")),
      by: required(reference, "A breaker, a semaphore or a limit of concurrency."),
      steps: required(steps(1)),
    }),
    custom: object("a step", {
      do: required(only("custom")),
      name: required(reference, "What it is called. Its function stands in the process that made the model."),
      steps: optional(
        { shape: "named", of: () => steps(0), what: "a list of steps", least: 0, most: limits.ops },
        "Lists of steps that the function may let happen.",
      ),
    }),
    fail: object("a step", { do: required(only("fail")), probability: optional(ratio, "Default 1.") }),
  },
};

function fittingService(
  value: Scalable & {
    balance?: BalanceDocument;
    scheduling?: string;
    queue?: object;
    coldStart?: object;
    cost?: CostDocument;
  },
  fail: Fail,
): void {
  fittingBalance(value.balance, mostReplicas(value), "replica", fail);
  if (value.scale !== undefined && typeof value.balance === "object" && value.balance.weights !== undefined)
    fail("balance", "has weights, but replicas that come and go are all alike: take weights or scale out");
  fittingScaledService(value, fail);
  countedCores(value, value.cores ?? value.threads, fail);
  if ((value.scheduling ?? "fifo") !== "fifo" && value.cores === undefined)
    fail("scheduling", `is "${value.scheduling}", but there are as many cores as threads: set cores too`);
  if (value.coldStart !== undefined && value.threads === undefined)
    fail("coldStart", "is given, but without a limit of threads nobody knows how many there are: set threads too");
  if (value.coldStart !== undefined && value.scale !== undefined)
    fail("coldStart", "is given beside scale: replicas that come and go have a startup of their own");
  if (value.coldStart !== undefined && value.threads! > limits.scaled)
    fail("threads", `is ${value.threads}: of those that start cold there may be ${limits.scaled} at most`);
  if (value.queue !== undefined && value.threads === undefined)
    fail("queue", "is given, but without a limit of threads nothing waits: set threads too");
}

/** The shape of each kind of node. */
export const nodeShapes: Readonly<Record<NodeDocument["kind"], ObjectShape | ByField>> = {
  service: object(
    "a service",
    {
      kind: required(only("service")),
      replicas: optional(count, "Default 1; with scale how many there are at first, and by default its min."),
      scale,
      threads: optional(count, "Requests that a replica works on at once, calls included. Default: no limit."),
      cores: optional(count, "Cores that the cpu steps of a replica share. Default: as many as threads."),
      scheduling: optional(
        only("fifo", "ps", "srpt", "priority"),
        "How cpu steps get cores: each holds one to its end (the default), all share them evenly, those with the least left to do have them, or those of the highest priority.",
      ),
      balance: optional(balance, "Which replica a call goes to. Default round-robin."),
      queue: optional(line, "How requests wait for a thread of a replica."),
      coldStart: optional(
        object("a cold start", { time: required(time), idle: required(positiveDuration) }),
        "Threads must be started before their first work, and again once they have rested for longer than idle.",
      ),
      ops: required({ shape: "named", of: () => steps(0), what: "an operation", least: 1, most: limits.ops }),
      cost,
    },
    fittingService,
  ),
  gateway: object(
    "a gateway",
    {
      kind: required(only("gateway")),
      to: required(
        { shape: "list", of: () => reference, what: "services", least: 1, most: limits.classes },
        "Services, or further gateways.",
      ),
      ops: required(
        { shape: "list", of: () => reference, what: "operations", least: 1, most: limits.ops },
        "What can be called: operations that all of them have.",
      ),
      balance: optional(balance, "Whom a request is handed on to. Default round-robin."),
      nearest: optional(flag, "Whether those in its own zone come first. Default false."),
      health: optional(
        health,
        "Looks regularly who is down or cannot be reached, and passes them over. Default: never.",
      ),
      lookup: optional(time, "What it takes to choose anew for a key that is not kept. Default 0."),
      cost,
    },
    (value: GatewayDocument, fail) => {
      noCores(value, fail);
      fittingBalance(value.balance, value.to.length, "target", fail);
    },
  ),
  database: databaseShape,
  cache: cacheShape,
  ...messagingShapes(steps(1)),
  worker: object(
    "a worker",
    {
      kind: required(only("worker")),
      takes: required(reference, "A queue or a log."),
      replicas: optional(count, "Default 1; with scale how many there are at first, and by default its min."),
      scale,
      threads: optional(count, "Messages that a replica works on at once. Default 1."),
      work: required({
        shape: "either",
        what: "the work on a message",
        text: duration,
        object: distribution,
        list: steps(1),
      }),
      ...takingFields,
      cost,
    },
    fittingScaledWorker,
  ),
  ...policyShapes,
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
  traffic: required(traffic),
  network: optional(network, "How long messages between nodes take."),
  faults: optional({ shape: "list", of: () => fault, what: "faults", least: 0 }),
  groups: optional(groups, "What belongs together: a diagram puts a frame around it."),
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
