import { makeStep, type Step, type Steps } from "./step.js";
import type { StepDocument } from "./step-document.js";
import type { CheckedTime, Time, TimeFault, TimeLike } from "./time.js";

/** How steps have ended. */
export type Ending = "ok" | "failed";

/** The request, message or start of a job that a custom step works for, and what the step is given beside it. */
export interface CustomRequest<S = undefined> {
  /** Simulated time now, in milliseconds from the start. */
  readonly nowMs: number;
  /** Simulated time until a timeout around the step is over, in milliseconds; Infinity without one. Below 0 it is over. */
  readonly leftMs: number;
  /** Name of the node whose step it is. */
  readonly node: string;
  /** Class of the request; undefined where traffic has no classes. What nobody has requested is of the first class. */
  readonly class: string | undefined;
  /** Which key the request is for; undefined for none. */
  readonly key: number | undefined;
  /** Of its class, default 0: the larger is more important. */
  readonly priority: number;
  /** What `state` made for this node, at the start of the replication. */
  readonly state: S;
  /**
   * The next random number, from 0 to 1, of the step's own stream: it repeats with the seed, is another one in each
   * replication, and the same for each scenario. `Math.random()` does none of that.
   */
  random(): number;
  /** A draw from a distribution, in milliseconds, from the same stream. Throws where the time is none. */
  draw<T extends TimeLike>(time: CheckedTime<T>): number;
}

/** What a custom step may yield: a time to wait, or the name of one of its lists of steps. */
export type CustomYield<L extends string> = L | Time;

/** A custom step, request by request: yields what happens next, and returns once it is over ("failed" when it fails). */
export type CustomFunction<L extends string = string, S = undefined> = (
  request: CustomRequest<S>,
) => Generator<CustomYield<L>, Ending | void, Ending>;

/** What a custom step has beside its function. */
export interface CustomSettings<L extends Readonly<Record<string, Steps>>, S> {
  /** Lists of steps that the function may yield by name: `{ read: [orders.read()] }`. */
  readonly steps?: L;
  /**
   * Makes what is kept for each node from the start to the end of a replication. Custom steps of one node that name the
   * same function share what it has made. Default: nothing is kept.
   */
  readonly state?: () => S;
}

/** What a custom step runs. */
export interface CustomCode {
  readonly run: CustomFunction<string, unknown>;
  readonly state: (() => unknown) | undefined;
}

/** A step that a function decides, in the process that made the model: what the language lacks. */
export interface MakeCustom {
  /**
   * A step that a generator decides: it yields times to wait (`"5ms"`, a distribution) and names of `steps`, each of which
   * happens, and gives back "ok" or "failed" once it is over. `yield` and `return` are all of it: simulated time passes
   * nowhere else. What it throws ends the run with `custom-failed`. When work around it takes back what it has started,
   * it is closed as `return()` does, so that its `finally` runs.
   *
   * `custom("poll", { steps: { ask: [jobs.call("ready")] } }, function* () { while ((yield "ask") === "failed") yield "1s"; })`
   */
  <const L extends Readonly<Record<string, Steps>> = Readonly<Record<never, Steps>>, S = undefined, const Y = Time>(
    name: string,
    settings: CustomSettings<L, S>,
    run: Deciding<S, Y> & JudgedYield<Y, keyof L & string>,
  ): Step;
  /** One without lists of steps and without state. */
  <const Y = Time>(name: string, run: Deciding<undefined, Y> & JudgedYield<Y, never>): Step;
}

type Deciding<S, Y> = (request: CustomRequest<S>) => Generator<Y, Ending | void, Ending>;

/** The sentence about what a custom step must not yield; unknown where there is nothing to say. */
type JudgedYield<Y, L extends string> = [Y] extends [L | Time] ? unknown : YieldFault<Exclude<Y, L | Time>>;
type YieldFault<Y> = Y extends string
  ? `'${Y}' is neither a time, as in '4ms', nor one of the step's lists`
  : Y extends number
    ? TimeFault<Y>
    : "a time such as '4ms' is needed, a distribution, or the name of one of the step's lists";

const codes = new WeakMap<object, CustomCode>();

/** What a custom step of the language or of a document runs; undefined where it is not here. */
export function codeOf(step: object): CustomCode | undefined {
  return codes.get(step);
}

/** Notes what a custom step of a document runs. A copy of the document, as any other process has, knows nothing of it. */
export function bindCode(step: StepDocument, code: CustomCode): void {
  codes.set(step, code);
}

export const custom: MakeCustom = (name: string, ...rest: readonly unknown[]): Step => {
  const [settings, run] = (rest.length > 1 ? rest : [{}, rest[0]]) as [
    Partial<CustomSettings<Readonly<Record<string, Steps>>, unknown>>,
    CustomCode["run"],
  ];
  const { steps, state, ...unknown } = settings;
  const step = makeStep({ do: "custom", name, steps: steps && Object.freeze({ ...steps }), ...unknown });
  codes.set(step, { run, state });
  return step;
};
