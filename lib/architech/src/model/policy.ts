import type { Duration } from "../units/duration.js";
import type { Ratio } from "../units/ratio.js";
import type { Priced } from "./cost.js";
import { define } from "./definition.js";
import type { LineDocument } from "./line-document.js";
import type { LimiterDocument, ReservedDocument } from "./policy-document.js";
import { makeStep, type Step, type Steps } from "./step.js";
import type { CheckedDuration, CheckedRate, CheckedRatio, TimeLike } from "./time.js";

/** Lets through so many requests a second. */
export interface Limiter {
  readonly kind: "limiter";
  /** Goes on when the limiter lets it; fails when it does not. */
  take(): Step;
}

/** Refuses calls for a while after too many have failed or were slow. */
export interface Breaker {
  readonly kind: "breaker";
  /** Runs the steps unless the breaker is open; learns from how they end. */
  guard(steps: Steps): Step;
}

/** So many at once: a bulkhead, a pool, a lock. */
export interface Semaphore {
  readonly kind: "semaphore";
  /** Runs the steps with a permit in hand: waits for one first. */
  guard(steps: Steps): Step;
}

/** As many at once as it finds to be good. */
export interface Concurrency {
  readonly kind: "concurrency";
  /** Runs the steps if fewer than its limit are under way; learns from how long they take. */
  guard(steps: Steps): Step;
}

/** Lets retries be a share of the requests: `retry({ times: 3, backoff: "10ms", budget }, [...])`. */
export interface RetryBudget {
  readonly kind: "retry-budget";
}

/** A node that lets others go on, or not. */
export type Policy = Limiter | Breaker | Semaphore | Concurrency | RetryBudget;

export interface LimiterSettings<R = never, W = Duration, L = Duration> extends Priced {
  /** Default "token-bucket". */
  readonly algorithm?: NonNullable<LimiterDocument["algorithm"]>;
  /** Requests that it lets through in the long run. */
  readonly rate: CheckedRate<R>;
  /** Of buckets: requests that they hold. Default 1. */
  readonly burst?: number;
  /** Of the token bucket: how long a request waits for its token at most. Default: it fails at once. */
  readonly wait?: CheckedDuration<W>;
  /** Of windows: their length. Default "1s". */
  readonly window?: CheckedDuration<L>;
  /** Shares of what its bucket holds, or its window lets through that are kept for classes of at least a priority, so that the others are shed first: `[{ priority: 1, share: 0.2 }]`. Default: none. */
  readonly reserved?: readonly ReservedDocument[];
}

/** A rate limiter: `limiter({ rate: "100rps", burst: 20 })`. Each request takes its leave with `limit.take()`. */
export function limiter<R extends string | number, W extends TimeLike = Duration, L extends TimeLike = Duration>(
  settings: LimiterSettings<R, W, L>,
): Limiter {
  const self: Limiter = { kind: "limiter", take: () => makeStep({ do: "call", to: self, op: "take" }) };
  return define(self, settings);
}

export interface BreakerSettings<O, W = number, S = Duration, F = Ratio, P = Ratio> extends Priced {
  /** What it judges by: the last so many calls (100), or those of the last time ("10s"). Default 100. */
  readonly window?: W extends number ? number : CheckedDuration<W>;
  /** Calls in the window before it judges. Default: all of its calls, or 10 in a window of time. */
  readonly minimum?: number;
  /** Share of failures that opens it: 0.5 (default) or "50%". */
  readonly failureRate?: CheckedRatio<F>;
  /** A call that takes longer is slow. Default: none is. */
  readonly slow?: CheckedDuration<S>;
  /** Share of slow calls that opens it. Default 1. */
  readonly slowRate?: CheckedRatio<P>;
  /** How long it is open. */
  readonly openFor: CheckedDuration<O>;
  /** Calls let through after that; they decide whether it closes. Default 1. */
  readonly probes?: number;
}

/** A circuit breaker: `breaker({ window: 20, failureRate: "50%", openFor: "5s" })`. */
export function breaker<
  O extends TimeLike,
  W extends TimeLike | number = number,
  S extends TimeLike = Duration,
  F extends string | number = Ratio,
  P extends string | number = Ratio,
>(settings: BreakerSettings<O, W, S, F, P>): Breaker {
  const self: Breaker = { kind: "breaker", guard: (steps) => guard(self, steps) };
  return define(self, settings);
}

export interface SemaphoreSettings extends Priced {
  /** How many may be under way at once; 1 is a lock. */
  readonly permits: number;
  /** How others wait for a permit: `{ capacity: 0 }` is a bulkhead that refuses at once. Default: all of them, in order. */
  readonly queue?: LineDocument;
}

/** A semaphore: `semaphore({ permits: 10, queue: { capacity: 0 } })` is a bulkhead, `semaphore({ permits: 1 })` a lock. */
export function semaphore(settings: SemaphoreSettings): Semaphore {
  const self: Semaphore = { kind: "semaphore", guard: (steps) => guard(self, steps) };
  return define(self, settings);
}

export interface ConcurrencySettings<S = Duration> extends Priced {
  /**
   * "aimd": one more after a success near the limit, a tenth less after a failure or a slow call. "vegas": keeps what
   * seems to wait small. "gradient": follows the ratio of its long-run latency to the latest. All three as in Netflix's
   * concurrency-limits, each call being a sample.
   */
  readonly algorithm: "aimd" | "vegas" | "gradient";
  /** The limit at first. Default 20. */
  readonly initial?: number;
  /** Default 1. */
  readonly min?: number;
  /** Default 1000. */
  readonly max?: number;
  /** Of "aimd": a call that takes longer counts as failed. Default: none does. */
  readonly slow?: CheckedDuration<S>;
  /** Of "gradient": how many times its long-run latency a call may take before the limit falls. Default 1.5. */
  readonly tolerance?: number;
  /** Shares of the limit that are kept for classes of at least a priority, so that the others are shed first: `[{ priority: 1, share: 0.2 }]`. Default: none. */
  readonly reserved?: readonly ReservedDocument[];
}

/** An adaptive limit of concurrency: `concurrency({ algorithm: "gradient" })`. */
export function concurrency<S extends TimeLike = Duration>(settings: ConcurrencySettings<S>): Concurrency {
  const self: Concurrency = { kind: "concurrency", guard: (steps) => guard(self, steps) };
  return define(self, settings);
}

export interface RetryBudgetSettings<R> extends Priced {
  /** Retries for each first attempt, in the long run: 0.2 or "20%". */
  readonly ratio: CheckedRatio<R>;
  /** Retries that it saves up at most; it begins with as many. Default 10. */
  readonly burst?: number;
}

/** A budget of retries: `retryBudget({ ratio: "20%" })`. */
export function retryBudget<R extends string | number>(settings: RetryBudgetSettings<R>): RetryBudget {
  return define({ kind: "retry-budget" }, settings);
}

function guard(by: Policy, steps: Steps): Step {
  return makeStep({ do: "guard", by, steps: Object.freeze([...steps]) });
}
