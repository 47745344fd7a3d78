import type { Duration } from "../units/duration.js";
import type { Rate } from "../units/rate.js";
import type { Ratio } from "../units/ratio.js";
import type { Balance } from "./balance.js";
import type { Eviction, KeyedCacheDocument } from "./cache-document.js";
import type { Cost } from "./cost.js";
import type { Replicas, Shards } from "./database.js";
import type { QuorumDocument } from "./database-document.js";
import type { HealthSettings } from "./gateway.js";
import type { LineDocument } from "./line-document.js";
import type { ColdStart, Node } from "./node.js";
import type { ReservedDocument } from "./policy-document.js";
import type { Profile } from "./profile.js";
import type { Scale } from "./scale.js";
import type { Scheduling } from "./service-document.js";
import type { ChangingRate, RateFault, RatioFault, Time, TimeFault } from "./time.js";
import type { Load } from "./traffic.js";
import type { KeysDocument } from "./traffic-document.js";
import type { Judgement, Wrong } from "./wrong.js";

/** Which settings a scenario may change, by kind of node. */
export interface Settings {
  service: {
    readonly replicas?: number;
    readonly scale?: Scale;
    readonly threads?: number;
    readonly cores?: number;
    readonly scheduling?: Scheduling;
    readonly balance?: Balance;
    readonly queue?: LineDocument;
    readonly coldStart?: ColdStart;
    readonly cost?: Cost;
  };
  gateway: {
    readonly balance?: Balance;
    readonly nearest?: boolean;
    readonly health?: HealthSettings<Duration, Duration>;
    readonly lookup?: Time;
    readonly cost?: Cost;
  };
  database: {
    readonly connections?: number;
    readonly read?: Time;
    readonly write?: Time;
    readonly queue?: LineDocument;
    readonly replicas?: Replicas;
    readonly quorum?: QuorumDocument;
    readonly shards?: Shards;
    readonly cost?: Cost;
  };
  /** Of one that hits by chance `hitRatio`, of one that knows its keys the others. */
  cache: {
    readonly get?: Time;
    readonly put?: Time;
    readonly hitRatio?: Ratio;
    readonly entries?: number;
    readonly evict?: Eviction;
    readonly ttl?: Duration;
    readonly ttlJitter?: Ratio;
    readonly softTtl?: Duration;
    readonly singleFlight?: boolean;
    readonly warm?: boolean;
    readonly write?: WritePolicy;
    readonly writeAfter?: Duration;
    readonly cost?: Cost;
  };
  queue: {
    readonly capacity?: number;
    readonly visibility?: Duration;
    readonly backoff?: Duration;
    readonly maxReceives?: number;
    readonly delay?: Duration;
    readonly cost?: Cost;
  };
  log: { readonly partitions?: number; readonly retention?: Duration; readonly cost?: Cost };
  topic: { readonly cost?: Cost };
  worker: {
    readonly replicas?: number;
    readonly scale?: Scale;
    readonly threads?: number;
    readonly work?: Time;
    readonly batch?: { readonly max: number; readonly wait?: Duration; readonly each?: Time };
    readonly rebalance?: Duration;
    readonly cost?: Cost;
  };
  job: {
    readonly every?: Duration;
    readonly offset?: Duration;
    readonly jitter?: Duration;
    readonly overlap?: boolean;
    readonly keys?: KeysDocument;
    readonly cost?: Cost;
  };
  limiter: {
    readonly rate?: Rate;
    readonly burst?: number;
    readonly wait?: Duration;
    readonly window?: Duration;
    readonly reserved?: readonly ReservedDocument[];
    readonly cost?: Cost;
  };
  breaker: {
    readonly window?: number | Duration;
    readonly minimum?: number;
    readonly failureRate?: Ratio;
    readonly slow?: Duration;
    readonly slowRate?: Ratio;
    readonly openFor?: Duration;
    readonly probes?: number;
    readonly cost?: Cost;
  };
  semaphore: { readonly permits?: number; readonly queue?: LineDocument; readonly cost?: Cost };
  concurrency: {
    readonly algorithm?: "aimd" | "vegas" | "gradient";
    readonly initial?: number;
    readonly min?: number;
    readonly max?: number;
    readonly slow?: Duration;
    readonly tolerance?: number;
    readonly reserved?: readonly ReservedDocument[];
    readonly cost?: Cost;
  };
  "retry-budget": { readonly ratio?: Ratio; readonly burst?: number; readonly cost?: Cost };
}

type WritePolicy = NonNullable<KeyedCacheDocument["write"]>;

interface FlowSettings<Op extends string> {
  readonly mix?: { readonly [K in Op]?: number };
  readonly keys?: KeysDocument;
}

interface OpenFlow<Op extends string> extends FlowSettings<Op> {
  readonly rate?: Rate | ChangingRate;
  readonly arrivals?: "poisson" | "regular";
  readonly batch?: number | { readonly mean: number };
}

interface SessionFlow<Op extends string> extends FlowSettings<Op> {
  readonly sessions?: Rate | Profile;
  readonly requests?: number;
  readonly think?: Time;
}

interface ClosedFlow<Op extends string> extends FlowSettings<Op> {
  readonly users?: number;
  readonly think?: Time;
}

/** Names of classes, out of names and `<class>.<operation>`. */
type ClassOf<Op extends string> = Op extends `${string}.${string}` ? never : Op;

/** Which settings of traffic a scenario may change. */
export interface TrafficSettings<Op extends string> {
  open: OpenFlow<Op>;
  sessions: SessionFlow<Op>;
  closed: ClosedFlow<Op>;
  classes: {
    readonly [K in ClassOf<Op>]?: OpenFlow<string> &
      SessionFlow<string> &
      ClosedFlow<string> & { readonly priority?: number; readonly weight?: number };
  };
}

/** Nodes of a model by name. */
export type Nodes = Readonly<Record<string, Node>>;

/** A scenario: new settings by node, and of the traffic. What it does not name stays. */
export type Change<N extends Nodes = Nodes, L extends Load = Load> = {
  readonly [K in keyof N]?: Settings[N[K]["kind"]];
} & {
  readonly traffic?: TrafficSettings<L["op"]>[L["load"]];
};

/** What a type parameter for a scenario extends: the first half lets an editor complete, the second leaves judging to `Judged`. */
export type AnyChange<N extends Nodes, L extends Load> = Change<N, L> | { readonly [node: string]: unknown };

/** What a scenario must be besides itself: nothing more, or something that no value is, with the reason. */
export type Judged<N extends Nodes, L extends Load, C> = {
  readonly [K in keyof C]: K extends keyof N
    ? // Of a model read from a document nobody knows the names beforehand: `with` looks at them when it is called.
      string extends keyof N
      ? unknown
      : JudgedSettings<Settings[N[K]["kind"]], C[K], `a ${N[K]["kind"]}`>
    : K extends "traffic"
      ? JudgedSettings<TrafficSettings<L["op"]>[L["load"]], C[K], Whats[L["load"]]>
      : Wrong<`the model has no node '${K & string}'`>;
};

interface Whats {
  open: "open traffic";
  sessions: "traffic of sessions";
  closed: "closed traffic";
  classes: "traffic of classes";
}

type JudgedSettings<S, C, What extends keyof Lists> = {
  readonly [P in keyof C]: P extends keyof S
    ? Judgement<SettingFault<P, S[P], C[P]>>
    : Wrong<`${What} has no setting '${P & string}' to change: it has ${Lists[What]}`>;
};

type SettingFault<P, S, V> = P extends "write"
  ? [NonNullable<S>] extends [WritePolicy]
    ? V extends WritePolicy
      ? never
      : "write is 'around', 'through' or 'behind'"
    : TimeFault<V>
  : P extends "replicas"
    ? V extends S
      ? never
      : NonNullable<S> extends number
        ? "replicas is a number"
        : "replicas is { count: 2, reads: 'replica', lag: '20ms' }"
    : P extends "read" | "get" | "put" | "work" | "think" | "lookup"
      ? TimeFault<V>
      : P extends "rate"
        ? RateFault<V>
        : P extends "hitRatio" | "ttlJitter" | "failureRate" | "slowRate" | "ratio"
          ? RatioFault<V>
          : P extends "mix"
            ? MixFault<Exclude<keyof V, keyof NonNullable<S>>>
            : V extends S
              ? never
              : `${P & string} is ${P extends keyof Meanings ? Meanings[P] : "a number"}`;

type MixFault<Extra> = [Extra] extends [never] ? never : `the traffic has no operation '${Extra & string}'`;

interface Meanings {
  balance: "a way, as 'least-connections' or { choices: 2 }";
  coldStart: "{ time: '300ms', idle: '10min' }";
  reserved: "[{ priority: 1, share: 0.2 }]";
  nearest: "true or false";
  health: "{ every: '5s', down: 2 }";
  arrivals: "'poisson' or 'regular'";
  queue: "{ capacity: 100, order: 'fifo' }";
  cost: "{ replicaHour: 0.12, coreHour, request: 0.0000004, gbMoved, moved, gbHour, stored }";
  scale: "hpa(...), keda(...) or schedule(...)";
  scheduling: "'fifo', 'ps', 'srpt' or 'priority'";
  batch: "a number or { mean: 5 }, or of a worker { max: 10, wait: '4ms' }";
  visibility: "a duration, as in '4ms'";
  backoff: "a duration, as in '4ms'";
  delay: "a duration, as in '4ms'";
  retention: "a duration, as in '4ms'";
  rebalance: "a duration, as in '4ms'";
  every: "a duration, as in '4ms'";
  offset: "a duration, as in '4ms'";
  jitter: "a duration, as in '4ms'";
  overlap: "true or false";
  keys: "{ count: 1000, skew: 0.9 }";
  algorithm: "'aimd', 'vegas' or 'gradient'";
  wait: "a duration, as in '4ms'";
  window: "a duration, as in '4ms', or of a breaker a number of calls";
  slow: "a duration, as in '4ms'";
  openFor: "a duration, as in '4ms'";
  quorum: "{ copies: 3, read: 2, write: 2 }";
  shards: "{ count: 8, by: 'hash' }";
  ttl: "a duration, as in '4ms'";
  softTtl: "a duration, as in '4ms'";
  writeAfter: "a duration, as in '4ms'";
  evict: "'lru', 'lfu', 'fifo', 'clock', 'slru' or 'random'";
  singleFlight: "true or false";
  warm: "true or false";
}

interface Lists {
  "a service": "replicas, scale, threads, cores, scheduling, balance, queue, coldStart, cost";
  "a gateway": "balance, nearest, health, lookup, cost";
  "a database": "connections, read, write, queue, replicas, quorum, shards, cost";
  "a cache": "get, put, and hitRatio, or entries, evict, ttl, ttlJitter, softTtl, singleFlight, warm, write, writeAfter, cost";
  "a queue": "capacity, visibility, backoff, maxReceives, delay, cost";
  "a log": "partitions, retention, cost";
  "a topic": "cost";
  "a worker": "replicas, scale, threads, work, batch, rebalance, cost";
  "a job": "every, offset, jitter, overlap, keys, cost";
  "a limiter": "rate, burst, wait, window, reserved, cost";
  "a breaker": "window, minimum, failureRate, slow, slowRate, openFor, probes, cost";
  "a semaphore": "permits, queue, cost";
  "a concurrency": "algorithm, initial, min, max, slow, tolerance, reserved, cost";
  "a retry-budget": "ratio, burst, cost";
  "open traffic": "rate, arrivals, batch, mix, keys";
  "traffic of sessions": "sessions, requests, think, mix, keys";
  "closed traffic": "users, think, mix, keys";
  "traffic of classes": "one for each class";
}
