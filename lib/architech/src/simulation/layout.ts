import type { ScaledPlan } from "../engine/scaled-plan.js";
import type { NodeDocument } from "../model/node-document.js";
import type { Prices } from "./cost.js";

/** Which of the machine's numbers belong to which node: how a summary finds what it reports. */
export interface Layout {
  readonly nodes: readonly NodeLayout[];
  readonly traffic: TrafficLayout;
}

export interface NodeLayout {
  readonly name: string;
  readonly kind: NodeDocument["kind"];
  /** Meters of all its operations. */
  readonly meters: readonly number[];
  /** Meters by operation, of a service. */
  readonly ops: ReadonlyMap<string, readonly number[]>;
  readonly replicas: number;
  /** Gauges of a node that scales; `capacity` and `cores` then say only whether there is a limit. */
  readonly scaled:
    | Pick<ScaledPlan, "present" | "presentCores" | "workingThreads" | "workingCores" | "threads" | "cores">
    | undefined;
  /** Requests that can be worked on at once over all replicas; Infinity without a limit, NaN where there is no such thing. */
  readonly capacity: number;
  /** Cores over all replicas; NaN without a limit. */
  readonly cores: number;
  /** Gauge of busy cores; -1 when a busy thread is a busy core, or there is no limit. */
  readonly busyCores: number;
  /** Gauges of what waits for a thread, and for a core; -1 when nothing can wait. */
  readonly threadQueue: number;
  /** How many gauges of what waits for a thread follow one another, one for each station where there are several. */
  readonly threadQueues: number;
  readonly coreQueue: number;
  /** Count of what waits; -1 when nothing can. */
  readonly depth: number;
  /** Counter of what found no room to wait; -1 where there always is. */
  readonly rejections: number;
  /** Counter of threads that were started cold, the next one counts warm ones; -1 where all are always warm. */
  readonly colds: number;
  /** Counter of ejections; -1 for all but gateways. */
  readonly ejections: number;
  /** What it costs; undefined where nobody says. */
  readonly prices: Prices | undefined;
  /** Gauge of being open, of a breaker, and of the limit, of a limit of concurrency; -1 for all others. */
  readonly level: number;
  /** Counter of hits, the next one counts misses; -1 for all but caches. */
  readonly hits: number;
  /**
   * Counter of stale hits, of caches that know their keys; of reads, the next one counts stale ones, of databases whose
   * replicas lag behind. -1 for all others.
   */
  readonly stale: number;
  /** Counter of evictions; -1 for all but caches that know their keys. */
  readonly evictions: number;
  /** Meters of a database's stations, one for each; none where there is one station. */
  readonly stations: readonly number[];
  /** Of a database whose keys move: gauge of the slots that have moved, and how many move in all. */
  readonly moved?: { readonly gauge: number; readonly of: number };
  /** Of a log, and of a queue whose messages outlive their delivery. */
  readonly channel?: ChannelLayout;
  /** Of a worker: what it takes from, and its group there. */
  readonly takes?: { readonly node: string; readonly group: string };
}

export interface ChannelLayout {
  /** Meter of its messages from their put to their end. */
  readonly life: number;
  /** What waits for each group. */
  readonly groups: ReadonlyMap<string, { readonly meter: number; readonly depth: number }>;
  /** Counters. */
  readonly redelivered: number;
  readonly duplicates: number;
  readonly dead: number;
}

export interface TrafficLayout {
  readonly meters: readonly number[];
  /** Meters by operation, by class, and by class and operation ("gold.buy"). */
  readonly ops: ReadonlyMap<string, readonly number[]>;
}
