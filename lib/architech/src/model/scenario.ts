import type { Rate } from "../units/rate.js";
import type { Ratio } from "../units/ratio.js";
import type { Cost } from "./cost.js";
import type { Balance, LineDocument } from "./document.js";
import type { Node } from "./node.js";
import type { Profile } from "./profile.js";
import type { Scale } from "./scale.js";
import type { RateFault, RatioFault, Time, TimeFault } from "./time.js";
import type { Load } from "./traffic.js";
import type { Judgement, Wrong } from "./wrong.js";

/** Which settings a scenario may change, by kind of node. */
export interface Settings {
  service: {
    readonly replicas?: number;
    readonly scale?: Scale;
    readonly threads?: number;
    readonly cores?: number;
    readonly balance?: Balance;
    readonly queue?: LineDocument;
    readonly cost?: Cost;
  };
  database: {
    readonly connections?: number;
    readonly read?: Time;
    readonly write?: Time;
    readonly queue?: LineDocument;
    readonly cost?: Cost;
  };
  cache: { readonly get?: Time; readonly put?: Time; readonly hitRatio?: Ratio; readonly cost?: Cost };
  queue: { readonly capacity?: number; readonly cost?: Cost };
  worker: {
    readonly replicas?: number;
    readonly scale?: Scale;
    readonly threads?: number;
    readonly work?: Time;
    readonly cost?: Cost;
  };
}

/** Which settings of traffic a scenario may change. */
export interface TrafficSettings<Op extends string> {
  open: {
    readonly rate?: Rate | Profile;
    readonly arrivals?: "poisson" | "regular";
    readonly mix?: { readonly [K in Op]?: number };
  };
  closed: { readonly users?: number; readonly think?: Time; readonly mix?: { readonly [K in Op]?: number } };
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
    ? JudgedSettings<Settings[N[K]["kind"]], C[K], `a ${N[K]["kind"]}`>
    : K extends "traffic"
      ? JudgedSettings<TrafficSettings<L["op"]>[L["load"]], C[K], `${L["load"]} traffic`>
      : Wrong<`the model has no node '${K & string}'`>;
};

type JudgedSettings<S, C, What extends keyof Lists> = {
  readonly [P in keyof C]: P extends keyof S
    ? Judgement<SettingFault<P, S[P], C[P]>>
    : Wrong<`${What} has no setting '${P & string}' to change: it has ${Lists[What]}`>;
};

type SettingFault<P, S, V> = P extends "read" | "write" | "get" | "put" | "work" | "think"
  ? TimeFault<V>
  : P extends "rate"
    ? RateFault<V>
    : P extends "hitRatio"
      ? RatioFault<V>
      : P extends "mix"
        ? MixFault<Exclude<keyof V, keyof NonNullable<S>>>
        : V extends S
          ? never
          : `${P & string} is ${P extends keyof Meanings ? Meanings[P] : "a number"}`;

type MixFault<Extra> = [Extra] extends [never] ? never : `the traffic has no operation '${Extra & string}'`;

interface Meanings {
  balance: "'round-robin', 'random', 'least-connections' or { choices: 2 }";
  arrivals: "'poisson' or 'regular'";
  cost: "{ replicaHour: 0.12, coreHour, request: 0.0000004, gbMoved, moved, gbHour, stored }";
  scale: "hpa(...), keda(...) or schedule(...)";
  queue: "{ capacity: 100, order: 'fifo' or 'lifo' }";
}

interface Lists {
  "a service": "replicas, scale, threads, cores, balance, queue, cost";
  "a database": "connections, read, write, queue, cost";
  "a cache": "get, put, hitRatio, cost";
  "a queue": "capacity, cost";
  "a worker": "replicas, scale, threads, work, cost";
  "open traffic": "rate, arrivals, mix";
  "closed traffic": "users, think, mix";
}
