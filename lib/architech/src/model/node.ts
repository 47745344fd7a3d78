import type { Cache } from "./cache.js";
import type { Database } from "./database.js";
import { define } from "./definition.js";
import type { Balance, LineDocument, Scheduling } from "./document.js";
import type { Policy } from "./policy.js";
import { makeStep, type Step, type Steps } from "./step.js";
import type { CheckedTime, TimeLike } from "./time.js";

/** A service: replicas that work on requests. Its operations are called with `call`. */
export interface Service<Op extends string = string> {
  readonly kind: "service";
  /** Names of its operations. */
  readonly ops: readonly Op[];
  /** Calls one of its operations and waits for the answer. */
  call(op: Op): Step;
}

/** A queue of messages, which workers take. */
export interface Queue {
  readonly kind: "queue";
  /** Puts a message in and goes on. Fails when the queue is full. */
  put(): Step;
}

/** Replicas that take messages from a queue. */
export interface Worker {
  readonly kind: "worker";
}

/** One element of a model. */
// biome-ignore lint/suspicious/noExplicitAny: a service of whatever operations
export type Node = Service<any> | Database | Cache | Queue | Worker | Policy;

export interface ServiceSettings<Op extends string> {
  /** Default 1. */
  readonly replicas?: number;
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
  readonly ops: { readonly [K in Op]: Steps };
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

export interface QueueSettings {
  /** Messages that wait at most; a put into a full queue fails. Default: no limit. */
  readonly capacity?: number;
}

/** A queue: `queue({ capacity: 5_000 })`. */
export function queue(settings: QueueSettings = {}): Queue {
  const self: Queue = { kind: "queue", put: () => makeStep({ do: "publish", to: self }) };
  return define(self, settings);
}

export interface WorkerSettings<T> {
  /** The queue whose messages it takes. */
  readonly takes: Queue;
  /** Default 1. */
  readonly replicas?: number;
  /** Messages that one replica works on at once. Default 1. */
  readonly threads?: number;
  /** How long a message takes, or what is done for it. */
  readonly work: T extends Steps ? Steps : CheckedTime<T>;
}

/** Workers on a queue: `worker({ takes: emails, replicas: 2, work: "120ms" })`. */
export function worker<T extends TimeLike | Steps>(settings: WorkerSettings<T>): Worker {
  return define({ kind: "worker" }, settings);
}
