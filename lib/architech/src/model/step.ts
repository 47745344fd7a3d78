import type { Duration } from "../units/duration.js";
import type { Ratio } from "../units/ratio.js";
import type { Log, Topic } from "./messaging.js";
import type { Callable, Queue } from "./node.js";
import type { RetryBudget } from "./policy.js";
import type { CheckedDuration, CheckedRatio, CheckedTime, TimeLike } from "./time.js";

/** One thing that an operation does. */
export interface Step {
  readonly kind: "step";
}

/** What an operation does, one after the other. */
export type Steps = readonly Step[];

/** A step as it is kept until `model()` knows the names of its nodes: the document's step with nodes in place of names. */
export interface StepData extends Step {
  readonly do: string;
  readonly [field: string]: unknown;
}

/** A step from its fields; those that are undefined are left out. */
export function makeStep(fields: { readonly do: string; readonly [field: string]: unknown }): Step {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.freeze({ kind: "step", ...Object.fromEntries(given) } as StepData);
}

const keep = (steps: Steps): unknown => (Array.isArray(steps) ? Object.freeze([...steps]) : steps);

/** Holds one of the replica's cores for this long: waits for one first. */
export function cpu<T extends TimeLike>(time: CheckedTime<T>): Step {
  return makeStep({ do: "cpu", time });
}

/** Lets time pass without using a core: a call to something outside the model, a sleep. */
export function wait<T extends TimeLike>(time: CheckedTime<T>): Step {
  return makeStep({ do: "wait", time });
}

/** Calls an operation of a service or a gateway that is declared further down, or of the caller itself: `call(() => billing, "charge")`. */
export function call<Op extends string>(to: () => Callable<Op>, op: NoInfer<Op>): Step {
  return makeStep({ do: "call", to, op });
}

/** Puts a message into a queue, a log or a topic and goes on. Fails when the queue is full. */
export function publish(to: Queue | Log | Topic): Step {
  return makeStep({ do: "publish", to });
}

/** Starts all branches at once and ends when the last has ended; fails if any failed. */
export function parallel(...branches: readonly Steps[]): Step {
  return makeStep({ do: "parallel", branches: branches.map(keep) });
}

/** One of the branches, drawn by weight: `either([[0.9, []], [0.1, [cpu("30ms")]]])`. Weights need not sum to one. */
export function either(branches: readonly (readonly [weight: number, steps: Steps])[]): Step {
  return makeStep({
    do: "either",
    branches: branches.map(([weight, steps]) => Object.freeze({ weight, steps: keep(steps) })),
  });
}

/** The steps so many times, one after the other. */
export function repeat(times: number, steps: Steps): Step {
  return makeStep({ do: "repeat", times, steps: keep(steps) });
}

/** How often and after which pauses something that failed is tried again. */
export interface RetrySettings<B = Duration, C = Duration, J = Ratio> {
  /** Further attempts after the first. */
  readonly times: number;
  /** Pause before the next attempt. */
  readonly backoff: CheckedDuration<B>;
  /** "fixed" (default), or "exponential": the pause doubles with each attempt. */
  readonly growth?: "fixed" | "exponential";
  /** The longest pause. */
  readonly cap?: CheckedDuration<C>;
  /**
   * Share of the pause that is drawn: pause × (1 − jitter + jitter × U). Default 0; 1 is full jitter, 0.5 equal jitter.
   * "decorrelated": uniform between `backoff` and three times the pause before, up to `cap`.
   */
  readonly jitter?: J extends "decorrelated" ? J : CheckedRatio<J>;
  /** What further attempts are taken from; none is made while it is empty. */
  readonly budget?: RetryBudget;
}

/** Tries the steps again when they fail. Fails when the last attempt does. */
export function retry<B extends TimeLike, C extends TimeLike = Duration, J extends string | number = Ratio>(
  settings: RetrySettings<B, C, J>,
  steps: Steps,
): Step {
  const { times, backoff, growth, cap, jitter, budget, ...unknown } = settings;
  return makeStep({ do: "retry", times, backoff, growth, cap, jitter, budget, steps: keep(steps), ...unknown });
}

/** Whether what is under way ends when nobody waits for it any more. */
export interface CancelSettings {
  /** Each piece of work ends before its next step, whichever node it is at. Default false: it goes on. */
  readonly cancel?: boolean;
}

/**
 * Fails when the steps take longer. What they have started goes on: nobody takes back work that has been handed out,
 * unless `{ cancel: true }` hands the deadline on to everything that is called.
 */
export function timeout<T extends TimeLike>(after: CheckedDuration<T>, steps: Steps, settings?: CancelSettings): Step {
  return makeStep({ do: "timeout", after, steps: keep(steps), ...settings });
}

/** When a step is started once more beside the first. */
export interface HedgeSettings<A> extends CancelSettings {
  /** Time without an answer after which the steps are started once more. */
  readonly after: CheckedDuration<A>;
  /** How often, at most. Default 1. */
  readonly times?: number;
}

/** Starts the steps once more when they take long; the first success is the answer. Fails when all that were started have. */
export function hedge<A extends TimeLike>(settings: HedgeSettings<A>, steps: Steps): Step {
  return makeStep({ do: "hedge", ...settings, steps: keep(steps) });
}

/** Fails, with this probability (default 1). */
export function fail<P extends string | number = 1>(probability?: CheckedRatio<P>): Step {
  return makeStep({ do: "fail", probability });
}
