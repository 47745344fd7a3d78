import type { Size } from "../units/size.js";

/** What a node costs, in a currency of your choice, the same throughout a model. */
export interface Cost {
  /** A replica for an hour, from its creation until it has finished; of a database, a copy of a shard; of what has neither, the whole node. */
  readonly replicaHour?: number;
  /** A core of a replica for an hour; only where cores, or threads, have a limit. */
  readonly coreHour?: number;
  /** A request, or a message, that arrives. */
  readonly request?: number;
  /** A gigabyte (10⁹ bytes) moved; each request moves `moved`. */
  readonly gbMoved?: number;
  readonly moved?: Size;
  /** A gigabyte stored for an hour; `stored` is how much. */
  readonly gbHour?: number;
  readonly stored?: Size;
}

/** What all nodes may be given. */
export interface Priced {
  /** What it costs: `{ replicaHour: 0.12, request: 0.0000004 }`. Default: nothing is said of it. */
  readonly cost?: Cost;
}
