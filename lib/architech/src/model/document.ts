import type { ScaleDocument } from "./scale-document.js";

/**
 * A model as data: what `model.toJSON()` writes, what `*.arch.json` files hold, what a run request carries.
 * Amounts are strings with units ("4ms", "120rps"), parsed once where they are compiled.
 */
export interface ModelDocument {
  readonly $schema?: string;
  /** Version of the format. */
  readonly architech: 1;
  readonly name?: string;
  readonly nodes: Readonly<Record<string, NodeDocument>>;
  readonly traffic: TrafficDocument;
  readonly faults?: readonly FaultDocument[];
  /** Where the diagram puts each node, in its own coordinates. Ignored by the simulation. */
  readonly layout?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

/** A constant with its unit ("4ms"), or a distribution. */
export type TimeDocument = string | DistributionDocument;

export type DistributionDocument =
  | { readonly dist: "constant"; readonly value: string }
  | { readonly dist: "uniform"; readonly min: string; readonly max: string }
  | { readonly dist: "exponential"; readonly mean: string }
  | { readonly dist: "erlang"; readonly shape: number; readonly mean: string }
  | { readonly dist: "gamma"; readonly shape: number; readonly mean: string }
  /** P(X > x) = exp(−(x / scale)^shape), with the scale that gives the mean. */
  | { readonly dist: "weibull"; readonly shape: number; readonly mean: string }
  /** Either `sigma` (of the underlying normal) or one percentile (50, 90, 95, 99 or 99.9) beside the mean. */
  | { readonly dist: "lognormal"; readonly mean: string; readonly sigma: number }
  | { readonly dist: "lognormal"; readonly mean: string; readonly percentile: number; readonly value: string }
  /** Pareto type I: P(X > x) = (min / x)^alpha. */
  | { readonly dist: "pareto"; readonly min: string; readonly alpha: number }
  | { readonly dist: "mixture"; readonly of: readonly { readonly weight: number; readonly time: TimeDocument }[] }
  /** Draws one of the values, each equally likely. */
  | { readonly dist: "empirical"; readonly values: readonly string[] };

/** Which replica a call goes to. `{ choices: d }`: the least busy of `d` replicas drawn at random (power of d choices). */
export type Balance = "round-robin" | "random" | "least-connections" | { readonly choices: number };

export type NodeDocument = ServiceDocument | DatabaseDocument | CacheDocument | QueueDocument | WorkerDocument;

/** How requests wait. */
export interface LineDocument {
  /** Requests that wait at most, in front of each replica; one more fails at once. Default: no limit. */
  readonly capacity?: number;
  /** Who is next: the one that has waited longest ("fifo", the default), or the newest ("lifo"). */
  readonly order?: "fifo" | "lifo";
}

/** Prices in a currency of the user's choice. */
export interface CostDocument {
  /** A replica for an hour; of what has no replicas, the whole node. */
  readonly replicaHour?: number;
  /** A core of a replica for an hour. */
  readonly coreHour?: number;
  /** A request, or a message, that arrives. */
  readonly request?: number;
  /** A gigabyte (10⁹ bytes) moved, and what each request moves: "20KB". */
  readonly gbMoved?: number;
  readonly moved?: string;
  /** A gigabyte stored for an hour, and how much is: "200GB". */
  readonly gbHour?: number;
  readonly stored?: string;
}

export interface ServiceDocument {
  readonly kind: "service";
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on. */
  readonly scale?: ScaleDocument;
  /** Requests that one replica works on at once, calls included. Default: no limit. */
  readonly threads?: number;
  /** Cores that one replica's `cpu` steps share. Default: as many as threads. */
  readonly cores?: number;
  /** Default "round-robin". */
  readonly balance?: Balance;
  /** How requests wait for a thread. */
  readonly queue?: LineDocument;
  readonly ops: Readonly<Record<string, readonly StepDocument[]>>;
  /** What it costs. */
  readonly cost?: CostDocument;
}

export interface DatabaseDocument {
  readonly kind: "database";
  readonly connections: number;
  readonly read: TimeDocument;
  readonly write: TimeDocument;
  /** How queries wait for a connection. */
  readonly queue?: LineDocument;
  /** What it costs. */
  readonly cost?: CostDocument;
}

export interface CacheDocument {
  readonly kind: "cache";
  readonly get: TimeDocument;
  /** Default: as `get`. */
  readonly put?: TimeDocument;
  /** Share of gets that find their value, 0 to 1. */
  readonly hitRatio: number;
  /** The database that a miss reads when the get names no miss path of its own. */
  readonly fronts?: string;
  /** What it costs. */
  readonly cost?: CostDocument;
}

export interface QueueDocument {
  readonly kind: "queue";
  /** Default: no limit. A put into a full queue fails. */
  readonly capacity?: number;
  /** What it costs. */
  readonly cost?: CostDocument;
}

export interface WorkerDocument {
  readonly kind: "worker";
  /** Name of the queue. */
  readonly takes: string;
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on. */
  readonly scale?: ScaleDocument;
  /** Messages that one replica works on at once. Default 1. */
  readonly threads?: number;
  readonly work: TimeDocument | readonly StepDocument[];
  /** What it costs. */
  readonly cost?: CostDocument;
}

export type StepDocument =
  | { readonly do: "cpu"; readonly time: TimeDocument }
  | { readonly do: "wait"; readonly time: TimeDocument }
  /** `op` is an operation of a service, `read`/`write` of a database, `get`/`put` of a cache. `miss` only on a cache's get. */
  | { readonly do: "call"; readonly to: string; readonly op: string; readonly miss?: readonly StepDocument[] }
  | { readonly do: "publish"; readonly to: string }
  /** All branches start at once; the step ends when the last has ended, and fails if any failed. */
  | { readonly do: "parallel"; readonly branches: readonly (readonly StepDocument[])[] }
  /** One branch, drawn by weight. */
  | {
      readonly do: "either";
      readonly branches: readonly { readonly weight: number; readonly steps: readonly StepDocument[] }[];
    }
  | { readonly do: "repeat"; readonly times: number; readonly steps: readonly StepDocument[] }
  /** At most `times` further attempts after a failed first one. */
  | {
      readonly do: "retry";
      readonly times: number;
      readonly backoff: string;
      /** Default "fixed". Exponential: backoff × 2^(attempt − 1), up to `cap`. */
      readonly growth?: "fixed" | "exponential";
      readonly cap?: string;
      /** Share of the pause that is drawn: pause × (1 − jitter + jitter × U). Default 0; 1 is full jitter. */
      readonly jitter?: number;
      readonly steps: readonly StepDocument[];
    }
  /** Fails after `after`; what the steps have started goes on. */
  | { readonly do: "timeout"; readonly after: string; readonly steps: readonly StepDocument[] }
  /** Fails with this probability (1 when left out). */
  | { readonly do: "fail"; readonly probability?: number };

export type TrafficDocument = OpenTrafficDocument | ClosedTrafficDocument;

/**
 * A rate that changes: at each of the points it is what the point says, and between two it goes in a straight line
 * (or, with `steps`, stays until the next). Before the first point and after the last it is as there.
 */
export interface ProfileDocument {
  /** In the order of their times. Two at one time are a jump. */
  readonly points: readonly { readonly at: string; readonly rate: string }[];
  /** Default false. */
  readonly steps?: boolean;
  /** Begins anew at the time of the last point. Default false. */
  readonly repeat?: boolean;
}

export interface OpenTrafficDocument {
  readonly to: string;
  /** "120rps", or a rate that changes. */
  readonly rate: string | ProfileDocument;
  /** Default "poisson". "regular": one whenever one more is due. */
  readonly arrivals?: "poisson" | "regular";
  /** Weights by operation; they need not sum to one. */
  readonly mix: Readonly<Record<string, number>>;
}

export interface ClosedTrafficDocument {
  readonly to: string;
  readonly users: number;
  readonly think: TimeDocument;
  readonly mix: Readonly<Record<string, number>>;
}

/** From `at` for `for`, the node starts no work: what arrives waits ("hang", the default) or fails at once ("refuse"). Work under way goes on. */
export interface FaultDocument {
  readonly do: "outage";
  readonly node: string;
  readonly at: string;
  readonly for: string;
  readonly requests?: "hang" | "refuse";
}

/** A scenario: settings by node, and of the traffic. Ops, wiring and kinds cannot change. */
export interface ChangeDocument {
  readonly [node: string]: Readonly<Record<string, unknown>> | undefined;
}
