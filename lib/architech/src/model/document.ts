import type { BalanceDocument, GatewayDocument } from "./balance-document.js";
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
  readonly network?: NetworkDocument;
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

export type NodeDocument =
  | ServiceDocument
  | GatewayDocument
  | DatabaseDocument
  | CacheDocument
  | QueueDocument
  | LogDocument
  | TopicDocument
  | WorkerDocument
  | JobDocument
  | PolicyDocument;

/** Nodes that let others go on, or not. */
export type PolicyDocument =
  | LimiterDocument
  | BreakerDocument
  | SemaphoreDocument
  | ConcurrencyDocument
  | RetryBudgetDocument;

/**
 * Who is next: the one that has waited longest ("fifo", the default), the newest ("lifo"), the newest while more than
 * `switchAt` wait ("adaptive-lifo"), the one that will take least time ("sjf"), the one whose timeout ends first ("edf"),
 * the one of the class with the highest priority ("priority"), classes by turns in proportion to their weights ("fair").
 */
export type LineOrder = "fifo" | "lifo" | "adaptive-lifo" | "sjf" | "edf" | "priority" | "fair";

/** How requests wait. */
export interface LineDocument {
  /** Requests that wait at most, in front of each replica; one more fails at once. Default: no limit. */
  readonly capacity?: number;
  readonly order?: LineOrder;
  /** Of "adaptive-lifo": while more than this wait, the newest is next. */
  readonly switchAt?: number;
  /** Fails requests that have waited for longer than `target` for an `interval`, ever more often (RFC 8289). */
  readonly codel?: { readonly target: string; readonly interval: string };
  /** How long a request waits at most; then it fails. Default: no limit. */
  readonly maxWait?: string;
}

/** Prices in a currency of the user's choice. */
export interface CostDocument {
  /** A replica for an hour; of a database, a copy of a shard; of what has neither, the whole node. */
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

/** What all nodes have. */
export interface Priced {
  /** What it costs. */
  readonly cost?: CostDocument;
}

/** Functions that run when they are called: each thread is an instance of one. */
export interface ColdStartDocument {
  /** What a start takes. */
  readonly time: TimeDocument;
  /** For how long an instance stays without work. */
  readonly idle: string;
}

/** How the cores of a replica are shared: see `scheduling` of a service. */
export type Scheduling = "fifo" | "ps" | "srpt" | "priority";

export interface ServiceDocument extends Priced {
  readonly kind: "service";
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on. */
  readonly scale?: ScaleDocument;
  /** Requests that one replica works on at once, calls included. Default: no limit. */
  readonly threads?: number;
  /** Cores that one replica's `cpu` steps share. Default: as many as threads. */
  readonly cores?: number;
  /**
   * How `cpu` steps get cores: each holds one to its end ("fifo", the default), all that want one share them evenly
   * ("ps"), those with the least left to do have them ("srpt"), or those of the highest priority ("priority").
   */
  readonly scheduling?: Scheduling;
  /** Default "round-robin". */
  readonly balance?: BalanceDocument;
  /** How requests wait for a thread. */
  readonly queue?: LineDocument;
  /** Threads must be started before their first work, and again once they have rested for too long. */
  readonly coldStart?: ColdStartDocument;
  readonly ops: Readonly<Record<string, readonly StepDocument[]>>;
}

export interface DatabaseDocument extends Priced {
  readonly kind: "database";
  /** Queries worked on at once, by each copy of each shard. */
  readonly connections: number;
  readonly read: TimeDocument;
  readonly write: TimeDocument;
  /** How queries wait for a connection. */
  readonly queue?: LineDocument;
  /** Copies that follow a primary. */
  readonly replicas?: ReplicasDocument;
  /** Copies without a primary. */
  readonly quorum?: QuorumDocument;
  /** Parts of the keys, each with connections (and copies) of its own. */
  readonly shards?: ShardsDocument;
}

/** A primary takes all writes and hands them on. */
export interface ReplicasDocument {
  /** Copies beside the primary. */
  readonly count: number;
  /** Who reads: the primary (default), the replicas in turn, or all in turn. */
  readonly reads?: "primary" | "replica" | "any";
  /** How long after the primary a replica has a write, drawn for each of them. Default: at once. */
  readonly lag?: TimeDocument;
  /** How many replicas must have a write before it ends. Default 0: asynchronous. */
  readonly sync?: number;
  /** Whether a read goes to the primary where its replica lacks the last write of the key. Default false. */
  readonly readYourWrites?: boolean;
}

/** Every query goes to all copies and ends with so many answers. */
export interface QuorumDocument {
  readonly copies: number;
  readonly read: number;
  readonly write: number;
}

export interface ShardsDocument {
  readonly count: number;
  /** How keys are spread: by a hash of the key (default), or in ranges of equal length. */
  readonly by?: "hash" | "range";
}

/** A cache that hits by chance, or one that knows its keys. */
export type CacheDocument = RatioCacheDocument | KeyedCacheDocument;

interface AnyCacheDocument extends Priced {
  readonly kind: "cache";
  readonly get: TimeDocument;
  /** Default: as `get`. */
  readonly put?: TimeDocument;
  /** The database that a miss reads when the get names no miss path of its own, and that `write` writes. */
  readonly fronts?: string;
}

export interface RatioCacheDocument extends AnyCacheDocument {
  /** Share of gets that find their value, 0 to 1. */
  readonly hitRatio: number;
}

/**
 * Which entry of a full cache has to go: the one asked for least recently ("lru", the default), or least often of those
 * that are in ("lfu"), the oldest ("fifo"), the oldest that was not asked for since it was last spared ("clock"), the
 * least recent of those never asked for again ("slru": segmented, 80 % protected), any ("random").
 */
export type Eviction = "lru" | "lfu" | "fifo" | "clock" | "slru" | "random";

export interface KeyedCacheDocument extends AnyCacheDocument {
  /** Keys that it holds at most. */
  readonly entries: number;
  readonly evict?: Eviction;
  /** How long an entry lives after it was loaded or put. Default: for ever. */
  readonly ttl?: string;
  /** Share of `ttl` and `softTtl` that is drawn: ttl × (1 − ttlJitter × U). Default 0. */
  readonly ttlJitter?: number;
  /** From then on an entry still answers, and the first get loads it anew in the background. Default: never. */
  readonly softTtl?: string;
  /** Whether gets that miss a key while it is being loaded wait for that load. Default false: each loads it. */
  readonly singleFlight?: boolean;
  /** Whether it begins full of the keys that are asked for most often. Default false: empty. */
  readonly warm?: boolean;
  /**
   * What a put does to the database that it fronts: writes it and lets the key go ("around"), writes it first
   * ("through"), writes it later ("behind"). Default: nothing, it only puts.
   */
  readonly write?: "around" | "through" | "behind";
  /** Of "behind": how long after; further puts of the key until then are written along. Default "0ms". */
  readonly writeAfter?: string;
}

export interface QueueDocument extends Priced {
  readonly kind: "queue";
  /** Default: no limit. A put into a full queue fails. */
  readonly capacity?: number;
  /** Time for the work on a message, after which it can be taken again. Default: what is taken is gone. */
  readonly visibility?: string;
  /** Time after a failure until the message can be taken again. Default: when its `visibility` is over. */
  readonly backoff?: string;
  /** How often a message is delivered at most. Default: until it is done. */
  readonly maxReceives?: number;
  /** Name of the queue where messages go then. Default: they are dropped. */
  readonly deadLetter?: string;
  /** Time between a put and the moment from which the message can be taken. Default "0ms". */
  readonly delay?: string;
}

/** Partitions, in each of which messages keep their order; every group of workers gets every message. */
export interface LogDocument extends Priced {
  readonly kind: "log";
  readonly partitions: number;
  /** Messages that a group has not taken for so long are lost to it. Default: none are. */
  readonly retention?: string;
}

/** A message for each of several queues and logs. */
export interface TopicDocument extends Priced {
  readonly kind: "topic";
  /** Names of the queues and logs. */
  readonly to: readonly string[];
}

/** Steps that start at regular times. */
export interface JobDocument extends Priced {
  readonly kind: "job";
  readonly every: string;
  /** When the first starts. Default "0ms". */
  readonly offset?: string;
  /** Each starts later by a time drawn evenly from 0 to this. Default "0ms". */
  readonly jitter?: string;
  /** Whether one starts while the one before is under way. Default true. */
  readonly overlap?: boolean;
  /** Which key a start is for. Default: none. */
  readonly keys?: KeysDocument;
  readonly steps: readonly StepDocument[];
}

export interface WorkerDocument extends Priced {
  readonly kind: "worker";
  /** Name of the queue or log. */
  readonly takes: string;
  /** Of a log: workers of one group share its messages. Default: a group of its own. */
  readonly group?: string;
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on. */
  readonly scale?: ScaleDocument;
  /** Messages that one replica works on at once. Default 1. */
  readonly threads?: number;
  readonly work: TimeDocument | readonly StepDocument[];
  /** Takes up to `max` messages as one piece of work, and waits for so many until the first has waited for `wait`. */
  readonly batch?: {
    readonly max: number;
    /** Default "0ms": takes what is there. */
    readonly wait?: string;
    /** What each message of the batch takes, beside the work. Default "0ms". */
    readonly each?: TimeDocument;
  };
  /** Of a log: how long the group takes nothing when a worker of it goes down or comes back. Default "0ms". */
  readonly rebalance?: string;
}

/** Lets through so many requests a second. */
export interface LimiterDocument extends Priced {
  readonly kind: "limiter";
  /**
   * "token-bucket" (default): `burst` at once, then `rate`. "leaky-bucket": one after the other at `rate`, while up to
   * `burst` wait. "fixed-window": so many in each window. "sliding-window": so many in any window. "sliding-counter":
   * the same, with the window before counted as if it had been even.
   */
  readonly algorithm?: "token-bucket" | "leaky-bucket" | "fixed-window" | "sliding-window" | "sliding-counter";
  readonly rate: string;
  /** Of buckets: requests that they hold. Default 1. */
  readonly burst?: number;
  /** Of the token bucket: how long a request waits for its token at most. Default "0ms": it fails at once. */
  readonly wait?: string;
  /** Of windows: their length. Default "1s". */
  readonly window?: string;
}

/** Refuses calls for a while after too many have failed or were slow. */
export interface BreakerDocument extends Priced {
  readonly kind: "breaker";
  /** What it judges by: so many calls, or those of the last time. Default 100 calls. */
  readonly window?: number | string;
  /** Calls in the window before it judges. Default: as many as the window has, or 10 in a window of time. */
  readonly minimum?: number;
  /** Share of failures, 0 to 1, that opens it. Default 0.5. */
  readonly failureRate?: number;
  /** A call that takes longer is slow. Default: none is. */
  readonly slow?: string;
  /** Share of slow calls that opens it. Default 1. */
  readonly slowRate?: number;
  /** How long it is open. */
  readonly openFor: string;
  /** Calls let through when it has been open for so long; they decide whether it closes. Default 1. */
  readonly probes?: number;
}

/** So many at once: a bulkhead, a pool, a lock. */
export interface SemaphoreDocument extends Priced {
  readonly kind: "semaphore";
  readonly permits: number;
  /** How others wait for a permit. */
  readonly queue?: LineDocument;
}

/** As many at once as it finds to be good. */
export interface ConcurrencyDocument extends Priced {
  readonly kind: "concurrency";
  readonly algorithm: "aimd" | "vegas" | "gradient";
  /** The limit at first. Default 20. */
  readonly initial?: number;
  /** Default 1. */
  readonly min?: number;
  /** Default 1000. */
  readonly max?: number;
  /** Of "aimd": a call that takes longer counts as failed. Default: none does. */
  readonly slow?: string;
  /** Of "gradient": how many times its long-run latency a call may take before the limit falls. Default 1.5. */
  readonly tolerance?: number;
}

/** Lets retries be a share of the requests, not a multiple. */
export interface RetryBudgetDocument extends Priced {
  readonly kind: "retry-budget";
  /** Retries for each first attempt, in the long run. */
  readonly ratio: number;
  /** Retries that it saves up at most; it begins with as many. Default 10. */
  readonly burst?: number;
}

export type StepDocument =
  | { readonly do: "cpu"; readonly time: TimeDocument }
  | { readonly do: "wait"; readonly time: TimeDocument }
  /** `op` is an operation of a service, `read`/`write` of a database, `get`/`put` of a cache, `take` of a limiter. `miss` only on a cache's get. */
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
      /**
       * Share of the pause that is drawn: pause × (1 − jitter + jitter × U). Default 0; 1 is full jitter, 0.5 equal
       * jitter. "decorrelated": uniform between `backoff` and three times the pause before, up to `cap`.
       */
      readonly jitter?: number | "decorrelated";
      /** The budget that further attempts are taken from. */
      readonly budget?: string;
      readonly steps: readonly StepDocument[];
    }
  /** Fails after `after`; what the steps have started goes on, or with `cancel` ends before its next step. */
  | {
      readonly do: "timeout";
      readonly after: string;
      readonly cancel?: boolean;
      readonly steps: readonly StepDocument[];
    }
  /** Starts the steps once more after each `after` without an answer, at most `times` more. The first success is the answer. */
  | {
      readonly do: "hedge";
      readonly after: string;
      /** Default 1. */
      readonly times?: number;
      /** Whether the others end before their next step once there is an answer. Default false. */
      readonly cancel?: boolean;
      readonly steps: readonly StepDocument[];
    }
  /** Runs the steps if the node lets it. */
  | { readonly do: "guard"; readonly by: string; readonly steps: readonly StepDocument[] }
  /** Fails with this probability (1 when left out). */
  | { readonly do: "fail"; readonly probability?: number };

/** One flow of requests, or several classes of them. */
export type TrafficDocument = FlowDocument | ClassesDocument;

export type FlowDocument = OpenTrafficDocument | SessionTrafficDocument | ClosedTrafficDocument;

/** Several flows, each with its own operations, priority and share. */
export interface ClassesDocument {
  readonly classes: Readonly<Record<string, ClassDocument>>;
}

export type ClassDocument = FlowDocument & {
  /** Where lines go by priority, the larger is next. Default 0. */
  readonly priority?: number;
  /** Where lines are fair, its share. Default 1. */
  readonly weight?: number;
};

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

/** A rate that jumps between states at random: a Markov-modulated Poisson process. Each state lasts `for` on average. */
export interface BurstsDocument {
  readonly states: readonly { readonly rate: string; readonly for: string }[];
}

/** Arrivals as they were recorded. */
export interface TraceDocument {
  /** Times in this unit, in order. */
  readonly unit: "ms" | "s";
  readonly times: readonly number[];
  /** The operation of each, one for each time. Default: drawn from the mix. */
  readonly ops?: readonly string[];
  /** Begins anew after this time. Default: nobody comes after the last. */
  readonly repeat?: string;
}

/** Which key a request is for: 1 to `count`, key k with a probability proportional to k^−skew (Zipf). */
export interface KeysDocument {
  readonly count: number;
  /** 0 (default): each is equally likely. */
  readonly skew?: number;
}

interface AnyFlowDocument {
  readonly to: string;
  /** Weights by operation; they need not sum to one. */
  readonly mix: Readonly<Record<string, number>>;
  /** Default: a request is for no key. */
  readonly keys?: KeysDocument;
}

export interface OpenTrafficDocument extends AnyFlowDocument {
  /** "120rps", or a rate that changes, or what was recorded. */
  readonly rate: string | ProfileDocument | BurstsDocument | TraceDocument;
  /** Default "poisson". "regular": one whenever one more is due. */
  readonly arrivals?: "poisson" | "regular";
  /** Requests that come at once: a number, or 1, 2, … with this mean (geometric). Default 1. */
  readonly batch?: number | { readonly mean: number };
}

/** Users that come, make some requests one after the other, and go. */
export interface SessionTrafficDocument extends AnyFlowDocument {
  readonly sessions: string | ProfileDocument;
  /** Requests of a session, on average: 1, 2, … (geometric). */
  readonly requests: number;
  /** Time between an answer and the next request. */
  readonly think: TimeDocument;
}

export interface ClosedTrafficDocument extends AnyFlowDocument {
  readonly users: number;
  readonly think: TimeDocument;
}

/** How long messages between nodes take, and which nodes stand together. */
export interface NetworkDocument {
  /** Zones by name; a node stands in one at most. */
  readonly zones?: Readonly<Record<string, ZoneDocument>>;
  /** One way, by how far apart the zones are. Default: no time. */
  readonly latency?: {
    /** Within a zone. */
    readonly zone?: TimeDocument;
    /** Between zones of one region. */
    readonly region?: TimeDocument;
    /** Between regions. */
    readonly world?: TimeDocument;
  };
  /** Hops that are not as their zones say. */
  readonly hops?: readonly HopDocument[];
}

export interface ZoneDocument {
  /** Default: a region of its own. */
  readonly region?: string;
  readonly nodes: readonly string[];
}

/** Calls of one node by another, there and back. */
export interface HopDocument {
  /** A node, or "traffic": the clients. */
  readonly from: string;
  readonly to: string;
  /** One way. Default: as the zones say. */
  readonly latency?: TimeDocument;
  /** One after the other in each direction. Default: no limit. */
  readonly bandwidth?: string;
  /** Size of a request and of an answer. Default 0. */
  readonly request?: string;
  readonly response?: string;
  /** Share of messages that are lost, and sent again after `retransmit`, then after twice that, and so on. */
  readonly loss?: number;
  /** Default "200ms". */
  readonly retransmit?: string;
}

/** Something that goes wrong: at a known time, for a known time, or again and again at random. */
export type FaultDocument =
  | OutageDocument
  | CrashDocument
  | SlowDocument
  | ErrorsDocument
  | PauseDocument
  | PausesDocument
  | PartitionDocument;

/** From `at` for `for`, the node (or all of the zone) starts no work: what arrives waits ("hang", the default) or fails at once ("refuse"). Work under way goes on. */
export interface OutageDocument {
  readonly do: "outage";
  readonly node?: string;
  readonly zone?: string;
  readonly at: string;
  readonly for: string;
  readonly requests?: "hang" | "refuse";
}

/** An outage again and again: up for `mtbf`, down for `mttr`, both exponential with these means. All of a zone at once. */
export interface CrashDocument {
  readonly do: "crash";
  readonly node?: string;
  readonly zone?: string;
  readonly mtbf: string;
  readonly mttr: string;
  readonly requests?: "hang" | "refuse";
}

/** Everything that the node does takes `by` times as long. */
export interface SlowDocument {
  readonly do: "slow";
  readonly node: string;
  readonly by: number;
  readonly at: string;
  readonly for: string;
}

/** What arrives at the node fails with this probability. */
export interface ErrorsDocument {
  readonly do: "errors";
  readonly node: string;
  readonly probability: number;
  readonly at: string;
  readonly for: string;
}

/** The node stands still with all that is under way. */
export interface PauseDocument {
  readonly do: "pause";
  readonly node: string;
  readonly at: string;
  readonly for: string;
}

/** Each replica by itself stands still, again and again: garbage collection. `every` runs from the end of one to the next. */
export interface PausesDocument {
  readonly do: "pauses";
  readonly node: string;
  readonly every: TimeDocument;
  readonly for: TimeDocument;
}

/** Calls between the two, each a node, a zone or "traffic", do not arrive. */
export interface PartitionDocument {
  readonly do: "partition";
  readonly between: readonly [string, string];
  readonly at: string;
  readonly for: string;
  readonly requests?: "hang" | "refuse";
}

/** A scenario: settings by node, and of the traffic. Ops, wiring and kinds cannot change. */
export interface ChangeDocument {
  readonly [node: string]: Readonly<Record<string, unknown>> | undefined;
}
