import type { Balance } from "./document.js";
import type { Node } from "./node.js";
import type { CheckedRate, CheckedRatio, CheckedTime, TimeLike } from "./time.js";
import type { Load } from "./traffic.js";

/** Which settings a scenario may change, by kind of node. */
export interface Settings {
  service: { readonly replicas?: number; readonly threads?: number; readonly cores?: number; readonly balance?: Balance };
  database: { readonly connections?: number; readonly read?: TimeLike; readonly write?: TimeLike };
  cache: { readonly get?: TimeLike; readonly put?: TimeLike; readonly hitRatio?: number | string };
  queue: { readonly capacity?: number };
  worker: { readonly replicas?: number; readonly threads?: number; readonly work?: TimeLike };
}

/** Which settings of traffic a scenario may change. */
export interface TrafficSettings<Op extends string> {
  open: { readonly rate?: string | number; readonly arrivals?: "poisson" | "regular"; readonly mix?: { readonly [K in Op]?: number } };
  closed: { readonly users?: number; readonly think?: TimeLike; readonly mix?: { readonly [K in Op]?: number } };
}

/** Nodes of a model by name. */
export type Nodes = Readonly<Record<string, Node>>;

/** A scenario: new settings by node, and of the traffic. What it does not name stays. */
export type Change<N extends Nodes = Nodes, L extends Load = Load> = { readonly [K in keyof N]?: Settings[N[K]["kind"]] } & {
  readonly traffic?: TrafficSettings<L["op"]>[L["load"]];
};

/** The parts of a scenario themselves, or a sentence in place of each that is wrong: keys that are too many, amounts without a unit. */
export type Checked<N extends Nodes, L extends Load, C> = {
  readonly [K in keyof C]: K extends keyof N
    ? CheckedSettings<Settings[N[K]["kind"]], C[K], `a ${N[K]["kind"]}`>
    : K extends "traffic"
      ? CheckedSettings<TrafficSettings<L["op"]>[L["load"]], C[K], `${L["load"]} traffic`>
      : `the model has no node '${K & string}'`;
};

type CheckedSettings<S, C, What extends string> = {
  readonly [P in keyof C]: P extends keyof S ? CheckedSetting<P, S[P], C[P]> : `${What} has no setting '${P & string}' to change: it has ${Listed<What>}`;
};

type CheckedSetting<P, S, V> = P extends "read" | "write" | "get" | "put" | "work" | "think"
  ? CheckedTime<V>
  : P extends "rate"
    ? CheckedRate<V>
    : P extends "hitRatio"
      ? CheckedRatio<V>
      : P extends "mix"
        ? { readonly [O in keyof V]: O extends keyof NonNullable<S> ? number : `the traffic has no operation '${O & string}'` }
        : S;

interface Lists {
  "a service": "replicas, threads, cores, balance";
  "a database": "connections, read, write";
  "a cache": "get, put, hitRatio";
  "a queue": "capacity";
  "a worker": "replicas, threads, work";
  "open traffic": "rate, arrivals, mix";
  "closed traffic": "users, think, mix";
}

type Listed<What extends string> = What extends keyof Lists ? Lists[What] : never;
