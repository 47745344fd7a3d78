/** A database of several stations, shard by shard, and in each copy by copy: see `core/copies.ts`. */
export interface CopiesPlan {
  readonly firstStation: number;
  readonly shards: number;
  /** Of each shard, the primary among them. */
  readonly copies: number;
  /** Whether keys go to shards by range, rather than by hash. */
  readonly byRange: boolean;
  readonly keys: number;
  /** Which copy reads: 0 the primary, 1 the replicas in turn, 2 all in turn. */
  readonly reader: number;
  /** Whether a read goes to the primary where a replica lacks the last write of its key. */
  readonly readsWrites: boolean;
  /** How many replicas a write waits for. */
  readonly sync: number;
  /** Site of the time until a replica has a write; -1 where it has it at once. */
  readonly lagSite: number;
  /** The meters of the stations follow one another; -1 where all share that of the database. */
  readonly firstMeter: number;
  readonly meter: number;
  /** Counter of reads that are looked at; stale ones follow. -1 where none are. */
  readonly counter: number;
  /** How keys move to other shards; undefined where they stay. */
  readonly resharding?: ReshardingPlan;
}

/** How the keys of a database move, slot by slot: see `core/sharding.ts`. */
export interface ReshardingPlan {
  /** The shard of each slot at first. */
  readonly slots: readonly number[];
  readonly moves: readonly Move[];
  /** Station where writes of a slot wait while it changes hands, and whether they are refused instead. */
  readonly door: number;
  readonly refuses: boolean;
  /** Gauge of the slots that have moved, of the copies that there are, and (the next one) of their connections. */
  readonly moved: number;
  readonly present: number;
  readonly connections: number;
}

/** A slot that leaves one shard for another. */
export interface Move {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** Ints of a database of several stations. */
export const copiesStride = 32;
