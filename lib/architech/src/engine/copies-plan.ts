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
}

/** Ints of a database of several stations. */
export const copiesStride = 32;
