import type { Priced } from "./cost-document.js";
import type { TimeDocument } from "./time-document.js";

/**
 * Whom a balancer chooses: in turn ("round-robin"); any ("random"); the one with the fewest requests inside, which is to
 * join the shortest queue ("least-connections"); any that has a free thread, and else any ("idle"); the one whose latency,
 * averaged with the newest weighing most, times its requests is the least ("ewma"); where the key's hash falls on a ring
 * ("ring"); the first that can be had ("first").
 */
export type BalanceBy = "round-robin" | "random" | "least-connections" | "idle" | "ewma" | "ring" | "first";

/** How one of several is chosen. `{ choices: d }`: the least busy of `d` drawn at random (power of d choices). */
export type BalanceDocument = BalanceBy | BalancingDocument;

/** How one of several is chosen, with what a load balancer can be told. */
export interface BalancingDocument {
  /** Default "least-connections", where there are `choices`. */
  readonly by?: BalanceBy;
  /** Of "least-connections" and "ewma": compares so many drawn at random. Default: all. */
  readonly choices?: number;
  /** One for each: who has twice the weight is sent twice as many. Default: all alike. */
  readonly weights?: readonly number[];
  /** Of "least-connections" and "idle": how old what is known of others' load may be. Default "0ms". */
  readonly stale?: string;
  /** Of "ewma": after how long a latency weighs 1/e of what it did. Default "10s". */
  readonly decay?: string;
  /** Of "ring": points of each on the ring. Default 160. */
  readonly points?: number;
  /** Of "ring": who has more than this times the average load is passed over. Default: nobody is. */
  readonly bound?: number;
  /** Keys stay with whom they were sent to first, until so long after. Default: they do not. */
  readonly sticky?: string;
  /** Who has just come, or come back, gets more and more for so long: from a tenth of its weight to all of it. Default "0ms". */
  readonly slowStart?: string;
  /** Passes over who has failed. Default: nobody. */
  readonly ejection?: EjectionDocument;
}

/** Whom failures exclude for a time: Envoy's outlier detection. */
export interface EjectionDocument {
  /** So many failures in a row. Default 5. */
  readonly failures?: number;
  /** For how long the first time; twice as long the second, up to ten times. Default "30s". */
  readonly for?: string;
  /** Share of all that are excluded at most, but one may always be. Default 0.1. */
  readonly most?: number;
}

/** Hands each request on to one of several services that have the same operations. */
export interface GatewayDocument extends Priced {
  readonly kind: "gateway";
  /** Names of the services, or further gateways. */
  readonly to: readonly string[];
  /** What can be called: operations that all of them have. */
  readonly ops: readonly string[];
  /** Default "round-robin". */
  readonly balance?: BalanceDocument;
  /** Whether those in its own zone are chosen from, as long as there is one that can be had. Default false. */
  readonly nearest?: boolean;
  /** Looks regularly who is down, and passes them over. Default: never. */
  readonly health?: HealthDocument;
  /** What it takes to choose anew for a key that is not kept: the look-up of a name. Default "0ms". */
  readonly lookup?: TimeDocument;
}

/** How a gateway finds out who is down. */
export interface HealthDocument {
  /** Default "10s". */
  readonly every?: string;
  /** How long it waits for an answer. Default "5s", or as long as `every` where that is shorter. */
  readonly timeout?: string;
  /** Looks in a row after which one counts as down (default 3), or as up again (default 2). */
  readonly down?: number;
  readonly up?: number;
}
