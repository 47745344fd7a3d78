import type { Ratio } from "../units/ratio.js";
import type { Node } from "./node.js";
import type { CheckedDuration, CheckedRatio, CheckedTime, TimeLike } from "./time.js";

/** Something that goes wrong. Made by `outage` and its like, given to `model()`. */
export interface Fault {
  readonly kind: "fault";
}

/** A fault as it is kept until `model()` knows the names of its nodes. */
export interface FaultData extends Fault {
  readonly do: string;
  readonly [field: string]: unknown;
}

/** A node, or the name of a zone. */
export type Place = Node | string;

/** From when, and for how long. */
interface Interval<A, F> {
  /** When it begins. */
  readonly at: CheckedDuration<A>;
  /** How long it lasts. */
  readonly for: CheckedDuration<F>;
}

interface Requests {
  /** "hang" (default): requests wait for its end. "refuse": they fail at once. */
  readonly requests?: "hang" | "refuse";
}

export interface OutageSettings<A, F> extends Interval<A, F>, Requests {}

const fault = (fields: { readonly do: string; readonly [field: string]: unknown }): Fault =>
  Object.freeze({ kind: "fault", ...fields } as FaultData);

const at = (place: Place): object => (typeof place === "string" ? { zone: place } : { node: place });

/** The node, or all of the zone, starts no work for a while; what is under way goes on: `outage(orders, { at: "60s", for: "10s" })`. */
export function outage<A extends TimeLike, F extends TimeLike>(place: Place, settings: OutageSettings<A, F>): Fault {
  return fault({ do: "outage", ...at(place), ...settings });
}

export interface CrashSettings<B, R> extends Requests {
  /** Mean time between failures: how long it is up, exponential. */
  readonly mtbf: CheckedDuration<B>;
  /** Mean time to recovery: how long it is down, exponential. */
  readonly mttr: CheckedDuration<R>;
}

/** Outages again and again: `crash(orders, { mtbf: "30min", mttr: "20s" })`. All of a zone goes down at once. */
export function crash<B extends TimeLike, R extends TimeLike>(place: Place, settings: CrashSettings<B, R>): Fault {
  return fault({ do: "crash", ...at(place), ...settings });
}

export interface SlowSettings<A, F> extends Interval<A, F> {
  /** How many times as long everything takes. */
  readonly by: number;
}

/** All that the node does takes longer for a while: `slow(orders, { by: 3, at: "60s", for: "10s" })`. */
export function slow<A extends TimeLike, F extends TimeLike>(node: Node, settings: SlowSettings<A, F>): Fault {
  return fault({ do: "slow", node, ...settings });
}

export interface ErrorsSettings<P, A, F> extends Interval<A, F> {
  readonly probability: CheckedRatio<P>;
}

/** What arrives at the node fails with a probability for a while: `errors(api, { probability: "20%", at: "60s", for: "10s" })`. */
export function errors<P extends string | number, A extends TimeLike, F extends TimeLike>(
  node: Node,
  settings: ErrorsSettings<P, A, F>,
): Fault {
  return fault({ do: "errors", node, ...settings });
}

/** The node stands still with all that is under way: `pause(orders, { at: "60s", for: "2s" })`. */
export function pause<A extends TimeLike, F extends TimeLike>(node: Node, settings: Interval<A, F>): Fault {
  return fault({ do: "pause", node, ...settings });
}

export interface PausesSettings<E, F> {
  /** From the end of one to the beginning of the next. */
  readonly every: CheckedTime<E>;
  readonly for: CheckedTime<F>;
}

/** Each replica by itself stands still again and again, as for garbage collection: `pauses(api, { every: exponential("10s"), for: "80ms" })`. */
export function pauses<E extends TimeLike, F extends TimeLike>(node: Node, settings: PausesSettings<E, F>): Fault {
  return fault({ do: "pauses", node, ...settings });
}

export interface PartitionSettings<A, F> extends Interval<A, F>, Requests {}

/** Calls between two nodes or zones (or "traffic") do not arrive: `partition("eu", "us", { at: "60s", for: "10s" })`. */
export function partition<A extends TimeLike, F extends TimeLike>(
  a: Place,
  b: Place,
  settings: PartitionSettings<A, F>,
): Fault {
  return fault({ do: "partition", between: [a, b], ...settings });
}

export interface DeploymentSettings<A, F, P = Ratio> extends Interval<A, F> {
  /** How many times as long everything takes with it. Default 1. */
  readonly slow?: number;
  /** Share of what arrives that fails with it. Default 0. */
  readonly errors?: CheckedRatio<P>;
}

/** A bad version of a node until it is rolled back: `faults: [...badDeployment(api, { at: "60s", for: "5min", errors: "5%", slow: 1.5 })]`. */
export function badDeployment<A extends TimeLike, F extends TimeLike, P extends string | number = Ratio>(
  node: Node,
  settings: DeploymentSettings<A, F, P>,
): readonly Fault[] {
  const { slow: by = 1, errors: probability = 0, ...interval } = settings;
  return [fault({ do: "slow", node, by, ...interval }), fault({ do: "errors", node, probability, ...interval })];
}
