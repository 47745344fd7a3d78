import type { Cost } from "./cost.js";
import { define } from "./definition.js";
import type { Balance, LineDocument, Scheduling } from "./document.js";
import type { Policy } from "./policy.js";
import type { Scale } from "./scale.js";
import { makeStep, type Step, type Steps } from "./step.js";
import type { CheckedRatio, CheckedTime, TimeLike } from "./time.js";

/** A service: replicas that work on requests. Its operations are called with `call`. */
export interface Service<Op extends string = string> {
  readonly kind: "service";
  /** Names of its operations. */
  readonly ops: readonly Op[];
  /** Calls one of its operations and waits for the answer. */
  call(op: Op): Step;
}

/** A database behind a pool of connections. */
export interface Database {
  readonly kind: "database";
  read(): Step;
  write(): Step;
}

/** A cache that answers a share of its gets. */
export interface Cache {
  readonly kind: "cache";
  /** Looks a value up. On a miss the steps of `miss` follow; without them the database that the cache fronts is read. */
  get(otherwise?: { readonly miss: Steps }): Step;
  put(): Step;
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
  readonly ops: { readonly [K in Op]: Steps };
  /** What it costs: `{ replicaHour: 0.12, request: 0.0000004 }`. */
  readonly cost?: Cost;
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

export interface DatabaseSettings<R, W> {
  /** Queries worked on at once; further ones wait. */
  readonly connections: number;
  readonly read: CheckedTime<R>;
  readonly write: CheckedTime<W>;
  /** How queries wait for a connection: `{ capacity: 100 }`. Default: all of them, in order. */
  readonly queue?: LineDocument;
  /** What it costs: `{ replicaHour: 0.12, request: 0.0000004 }`. */
  readonly cost?: Cost;
}

/** A database: `database({ connections: 20, read: "4ms", write: lognormal({ mean: "9ms", p99: "40ms" }) })`. */
export function database<R extends TimeLike, W extends TimeLike>(settings: DatabaseSettings<R, W>): Database {
  const self: Database = {
    kind: "database",
    read: () => makeStep({ do: "call", to: self, op: "read" }),
    write: () => makeStep({ do: "call", to: self, op: "write" }),
  };
  return define(self, settings);
}

export interface CacheSettings<G, P, H> {
  readonly get: CheckedTime<G>;
  /** Default: as `get`. */
  readonly put?: CheckedTime<P>;
  /** Share of gets that find their value: 0.85 or "85%". */
  readonly hitRatio: CheckedRatio<H>;
  /** The database that a get reads on a miss, unless the get says otherwise. */
  readonly fronts?: Database;
  /** What it costs: `{ replicaHour: 0.12, request: 0.0000004 }`. */
  readonly cost?: Cost;
}

/** A cache: `cache({ get: "0.4ms", hitRatio: 0.85 })`. */
export function cache<G extends TimeLike, H extends string | number, P extends TimeLike = TimeLike>(
  settings: CacheSettings<G, P, H>,
): Cache {
  const self: Cache = {
    kind: "cache",
    get: (otherwise) =>
      makeStep({
        do: "call",
        to: self,
        op: "get",
        miss: otherwise === undefined ? undefined : Object.freeze([...otherwise.miss]),
      }),
    put: () => makeStep({ do: "call", to: self, op: "put" }),
  };
  return define(self, settings);
}

export interface QueueSettings {
  /** Messages that wait at most; a put into a full queue fails. Default: no limit. */
  readonly capacity?: number;
  /** What it costs: `{ replicaHour: 0.12, request: 0.0000004 }`. */
  readonly cost?: Cost;
}

/** A queue: `queue({ capacity: 5_000 })`. */
export function queue(settings: QueueSettings = {}): Queue {
  const self: Queue = { kind: "queue", put: () => makeStep({ do: "publish", to: self }) };
  return define(self, settings);
}

export interface WorkerSettings<T> {
  /** The queue whose messages it takes. */
  readonly takes: Queue;
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on: `hpa`, `keda` or `schedule`. Default: `replicas`, always. */
  readonly scale?: Scale;
  /** Messages that one replica works on at once. Default 1. */
  readonly threads?: number;
  /** How long a message takes, or what is done for it. */
  readonly work: T extends Steps ? Steps : CheckedTime<T>;
  /** What it costs: `{ replicaHour: 0.12, request: 0.0000004 }`. */
  readonly cost?: Cost;
}

/** Workers on a queue: `worker({ takes: emails, replicas: 2, work: "120ms" })`. */
export function worker<T extends TimeLike | Steps>(settings: WorkerSettings<T>): Worker {
  return define({ kind: "worker" }, settings);
}
