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
