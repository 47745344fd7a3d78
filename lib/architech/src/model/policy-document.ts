import type { Priced } from "./cost-document.js";
import type { LineDocument } from "./line-document.js";

/** Nodes that let others go on, or not. */
export type PolicyDocument =
  | LimiterDocument
  | BreakerDocument
  | SemaphoreDocument
  | ConcurrencyDocument
  | RetryBudgetDocument;

/** A share of what there is, kept for requests of at least this priority. */
export interface ReservedDocument {
  readonly priority: number;
  readonly share: number;
}

/** Lets through so many requests a second. */
export interface LimiterDocument extends Priced {
  readonly kind: "limiter";
  /**
   * "token-bucket" (default): `burst` at once, then `rate`. "leaky-bucket": one after the other at `rate`, while up to
   * `burst` wait. "fixed-window": so many in each window. "sliding-window": so many in any window. "sliding-counter":
   * the same, with the window before counted as if it had been even.
   */
  readonly algorithm?: "token-bucket" | "leaky-bucket" | "fixed-window" | "sliding-window" | "sliding-counter";
  readonly rate: string;
  /** Of buckets: requests that they hold. Default 1. */
  readonly burst?: number;
  /** Of the token bucket: how long a request waits for its token at most. Default "0ms": it fails at once. */
  readonly wait?: string;
  /** Of windows: their length. Default "1s". */
  readonly window?: string;
  /** Shares of it that are kept for the more important: the others are shed first. Default: none. */
  readonly reserved?: readonly ReservedDocument[];
}

/** Refuses calls for a while after too many have failed or were slow. */
export interface BreakerDocument extends Priced {
  readonly kind: "breaker";
  /** What it judges by: so many calls, or those of the last time. Default 100 calls. */
  readonly window?: number | string;
  /** Calls in the window before it judges. Default: as many as the window has, or 10 in a window of time. */
  readonly minimum?: number;
  /** Share of failures, 0 to 1, that opens it. Default 0.5. */
  readonly failureRate?: number;
  /** A call that takes longer is slow. Default: none is. */
  readonly slow?: string;
  /** Share of slow calls that opens it. Default 1. */
  readonly slowRate?: number;
  /** How long it is open. */
  readonly openFor: string;
  /** Calls let through when it has been open for so long; they decide whether it closes. Default 1. */
  readonly probes?: number;
}

/** So many at once: a bulkhead, a pool, a lock. */
export interface SemaphoreDocument extends Priced {
  readonly kind: "semaphore";
  readonly permits: number;
  /** How others wait for a permit. */
  readonly queue?: LineDocument;
}

/** As many at once as it finds to be good. */
export interface ConcurrencyDocument extends Priced {
  readonly kind: "concurrency";
  readonly algorithm: "aimd" | "vegas" | "gradient";
  /** The limit at first. Default 20. */
  readonly initial?: number;
  /** Default 1. */
  readonly min?: number;
  /** Default 1000. */
  readonly max?: number;
  /** Of "aimd": a call that takes longer counts as failed. Default: none does. */
  readonly slow?: string;
  /** Of "gradient": how many times its long-run latency a call may take before the limit falls. Default 1.5. */
  readonly tolerance?: number;
  /** Shares of it that are kept for the more important: the others are shed first. Default: none. */
  readonly reserved?: readonly ReservedDocument[];
}

/** Lets retries be a share of the requests, not a multiple. */
export interface RetryBudgetDocument extends Priced {
  readonly kind: "retry-budget";
  /** Retries for each first attempt, in the long run. */
  readonly ratio: number;
  /** Retries that it saves up at most; it begins with as many. Default 10. */
  readonly burst?: number;
}
