import type { Duration } from "../units/duration.js";
import type { Balance } from "./balance.js";
import type { Cache } from "./cache.js";
import type { Priced } from "./cost.js";
import type { Database } from "./database.js";
import { define } from "./definition.js";
import type { Gateway } from "./gateway.js";
import type { LineDocument } from "./line-document.js";
import type { Job, Log, Topic } from "./messaging.js";
import type { Policy } from "./policy.js";
import type { Scale } from "./scale.js";
import type { Scheduling } from "./service-document.js";
import { makeStep, type Step, type Steps } from "./step.js";
import type { CheckedDuration, CheckedTime, Time, TimeLike } from "./time.js";

/** A service: replicas that work on requests. Its operations are called with `call`. */
export interface Service<Op extends string = string> {
  readonly kind: "service";
  /** Names of its operations. */
  readonly ops: readonly Op[];
  /** Calls one of its operations and waits for the answer. */
  call(op: Op): Step;
}

/** What requests can be sent to. */
export type Callable<Op extends string = string> = Service<Op> | Gateway<Op>;

/** A queue of messages, which workers take. */
export interface Queue {
  readonly kind: "queue";
  /** Puts a message in and goes on. Fails when the queue is full. */
  put(): Step;
}

/** Replicas that take messages from a queue or a log. */
export interface Worker {
  readonly kind: "worker";
}

/** One element of a model. */
// biome-ignore lint/suspicious/noExplicitAny: a service of whatever operations
export type Node = Service<any> | Gateway<any> | Database | Cache | Queue | Log | Topic | Worker | Job | Policy;

export interface ServiceSettings<Op extends string> extends Priced {
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on: `hpa`, `keda` or `schedule`. Default: `replicas`, always. */
  readonly scale?: Scale;
  /** Requests that one replica works on at once, calls included. Default: no limit. */
  readonly threads?: number;
  /** Cores that the `cpu` steps of one replica share. Default: as many as threads. */
  readonly cores?: number;
  /**
   * How `cpu` steps get cores: each holds one to its end ("fifo", the default), all that want one share them evenly
   * ("ps"), those with the least left to do have them ("srpt"), or those of the highest priority ("priority").
   */
  readonly scheduling?: Scheduling;
  /** Which replica a call goes to. Default "round-robin". */
  readonly balance?: Balance;
  /** How requests wait for a thread of a replica: `{ capacity: 100, order: "lifo" }`. Default: all of them, in order. */
  readonly queue?: LineDocument;
  /**
   * Threads are started by the first request that comes to them, and again once they have rested for longer than `idle`:
   * instances of a function. `{ time: "300ms", idle: "10min" }`. Default: they are always there.
   */
  readonly coldStart?: ColdStart;
  readonly ops: { readonly [K in Op]: Steps };
}

/** What it takes to start an instance, and for how long one stays without work. */
export interface ColdStart {
  readonly time: Time;
  readonly idle: Duration;
}

/** A service with its operations: `service({ replicas: 3, threads: 8, ops: { browse: [cpu("1.5ms")] } })`. */
export function service<Op extends string>(settings: ServiceSettings<Op>): Service<Op> {
  const self: Service<Op> = {
    kind: "service",
    ops: Object.freeze(Object.keys(settings.ops ?? {}) as Op[]),
    call: (op) => makeStep({ do: "call", to: self, op }),
  };
  return define(self, settings);
}

export interface QueueSettings<V = TimeLike, B = TimeLike, D = TimeLike> extends Priced {
  /** Messages that wait at most; a put into a full queue fails. Default: no limit. */
  readonly capacity?: number;
  /**
   * Time for the work on a message, after which others can take it again: it may be worked on twice, and is not lost.
   * Default: what is taken is gone, however the work on it ends.
   */
  readonly visibility?: CheckedDuration<V>;
  /** Time after a failure until the message can be taken again. Default: when its `visibility` is over. */
  readonly backoff?: CheckedDuration<B>;
  /** How often a message is delivered at most. Default: until it is done. */
  readonly maxReceives?: number;
  /** The queue where messages go then. Default: they are dropped. */
  readonly deadLetter?: Queue;
  /** Time between a put and the moment from which the message can be taken. Default "0ms". */
  readonly delay?: CheckedDuration<D>;
}

/** A queue: `queue({ capacity: 5_000 })`, `queue({ visibility: "30s", maxReceives: 5, deadLetter: graveyard })`. */
export function queue<V extends TimeLike = TimeLike, B extends TimeLike = TimeLike, D extends TimeLike = TimeLike>(
  settings: QueueSettings<V, B, D> = {},
): Queue {
  const self: Queue = { kind: "queue", put: () => makeStep({ do: "publish", to: self }) };
  return define(self, settings);
}

/** How a worker takes several messages at once. */
export interface BatchSettings<W = TimeLike, E = TimeLike> {
  /** Messages that are taken as one piece of work, at most. */
  readonly max: number;
  /** How long the first waits for others at most. Default "0ms": what is there is taken. */
  readonly wait?: CheckedDuration<W>;
  /** What each message takes, beside the work. Default "0ms". */
  readonly each?: CheckedTime<E>;
}

export interface WorkerSettings<T, W = TimeLike, E = TimeLike, R = TimeLike> extends Priced {
  /** The queue or log whose messages it takes. */
  readonly takes: Queue | Log;
  /** Of a log: workers of one group share its messages, each group gets all. Default: a group of its own. */
  readonly group?: string;
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on: `hpa`, `keda` or `schedule`. Default: `replicas`, always. */
  readonly scale?: Scale;
  /** Messages that one replica works on at once. Default 1. */
  readonly threads?: number;
  /** How long a message takes, or what is done for it; of a batch, for all of it. */
  readonly work: T extends Steps ? Steps : CheckedTime<T>;
  /** Takes several messages as one piece of work: `{ max: 100, wait: "50ms" }`. */
  readonly batch?: BatchSettings<W, E>;
  /** Of a log: how long the group takes nothing when a worker of it goes down or comes back. Default "0ms". */
  readonly rebalance?: CheckedDuration<R>;
}

/** Workers on a queue or a log: `worker({ takes: emails, replicas: 2, work: "120ms" })`. */
export function worker<
  T extends TimeLike | Steps,
  W extends TimeLike = TimeLike,
  E extends TimeLike = TimeLike,
  R extends TimeLike = TimeLike,
>(settings: WorkerSettings<T, W, E, R>): Worker {
  return define({ kind: "worker" }, settings);
}
