import type { Priced } from "./cost-document.js";
import type { LineDocument } from "./line-document.js";
import type { TimeDocument } from "./time-document.js";

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
  /** Moves keys to more, or to fewer, shards while it runs. */
  readonly reshard?: ReshardDocument;
}

/** Moves keys in slots, one after the other: copies a slot, holds its writes up, and hands it over. */
export interface ReshardDocument {
  /** Shards afterwards. */
  readonly to: number;
  /** When it begins. */
  readonly at: string;
  /** Equal parts of the hash, or of the keys: a multiple of `count`. Default: `count` × `to`. */
  readonly slots?: number;
  /** How long the copying of a slot takes a connection of the shard that it leaves, and one of the shard that it comes to. */
  readonly copy: TimeDocument;
  /** How long the writes of a slot are held up before it is handed over. Default "0ms". */
  readonly block?: string;
  /** What happens to them: they wait ("hang", the default) or fail at once ("refuse"). */
  readonly writes?: "hang" | "refuse";
  /** Time from the end of one move to the next. Default "0ms". */
  readonly pause?: string;
}
