import type { Duration } from "../units/duration.js";
import type { Priced } from "./cost.js";
import type { QuorumDocument, ReplicasDocument, ReshardDocument, ShardsDocument } from "./database-document.js";
import { define } from "./definition.js";
import type { LineDocument } from "./line-document.js";
import { makeStep, type Step } from "./step.js";
import type { CheckedTime, Time, TimeLike } from "./time.js";

/** A database behind a pool of connections. */
export interface Database {
  readonly kind: "database";
  read(): Step;
  write(): Step;
}

/** Copies that follow a primary: `{ count: 2, reads: "replica", lag: exponential("20ms") }`. */
export type Replicas = Omit<ReplicasDocument, "lag"> & {
  /** How long after the primary a replica has a write, drawn for each of them. Default: at once. */
  readonly lag?: Time;
};

/** Moves keys to more, or to fewer, shards while the system runs: `{ to: 5, at: "60s", copy: "200ms", block: "20ms" }`. */
export type Reshard = Omit<ReshardDocument, "at" | "copy" | "block" | "pause"> & {
  /** When it begins. */
  readonly at: Duration;
  /** How long the copying of a slot takes a connection of the shard that it leaves, and one of the shard that it comes to. */
  readonly copy: Time;
  /** How long the writes of a slot are held up before it is handed over. Default "0ms". */
  readonly block?: Duration;
  /** Time from the end of one move to the next. Default "0ms". */
  readonly pause?: Duration;
};

/** Parts of the keys: `{ count: 8, by: "range" }`. */
export type Shards = Omit<ShardsDocument, "reshard"> & {
  /** Moves keys to more, or to fewer, shards while it runs. Default: they stay. */
  readonly reshard?: Reshard;
};

export interface DatabaseSettings<R, W, L = Time> extends Priced {
  /** Queries worked on at once; further ones wait. Each copy of each shard has as many. */
  readonly connections: number;
  readonly read: CheckedTime<R>;
  readonly write: CheckedTime<W>;
  /** How queries wait for a connection: `{ capacity: 100, maxWait: "200ms" }`. Default: all of them, in order. */
  readonly queue?: LineDocument;
  /** Copies that follow a primary: `{ count: 2, reads: "replica", lag: exponential("20ms") }`. Default: none. */
  readonly replicas?: Omit<ReplicasDocument, "lag"> & { readonly lag?: CheckedTime<L> };
  /** Copies without a primary: every query goes to all, and ends with so many answers: `{ copies: 3, read: 2, write: 2 }`. */
  readonly quorum?: QuorumDocument;
  /** Parts of the keys, each with connections and copies of its own: `{ count: 8, by: "hash" }`. Default: one. */
  readonly shards?: Shards;
}

/** A database: `database({ connections: 20, read: "4ms", write: lognormal({ mean: "9ms", p99: "40ms" }) })`. */
export function database<R extends TimeLike, W extends TimeLike, L extends TimeLike = Time>(
  settings: DatabaseSettings<R, W, L>,
): Database {
  const self: Database = {
    kind: "database",
    read: () => makeStep({ do: "call", to: self, op: "read" }),
    write: () => makeStep({ do: "call", to: self, op: "write" }),
  };
  return define(self, settings);
}
