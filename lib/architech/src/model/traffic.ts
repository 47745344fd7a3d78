import type { Service } from "./node.js";
import type { CheckedRate, CheckedTime } from "./time.js";
import type { Wrong } from "./wrong.js";

/** The operations of a service. */
export type OpsOf<S> = S extends Service<infer Op> ? Op : never;

type IsOne<T, All = T> = T extends unknown ? ([All] extends [T] ? true : false) : never;

/** Weights by operation; they need not sum to one. May be left out where there is one operation. */
export type Mixed<S> =
  true extends IsOne<OpsOf<S>>
    ? { readonly mix?: { readonly [K in OpsOf<S>]: number } }
    : { readonly mix: { readonly [K in OpsOf<S>]: number } };

interface OpenSettings<S, R> {
  /** The service that requests arrive at. */
  readonly to: S;
  readonly rate: CheckedRate<R>;
  /** "poisson" (default): independent of each other. "regular": constant gaps. */
  readonly arrivals?: "poisson" | "regular";
  readonly users?: never;
}

interface ClosedSettings<S, T> {
  /** The service that the users call. */
  readonly to: S;
  /** How many there are; each waits for its answer, thinks, and asks again. */
  readonly users: number;
  readonly think: CheckedTime<T>;
  readonly rate?: Wrong<"traffic with users has no rate">;
}

/** Requests that arrive whatever becomes of those before: `{ to: api, rate: "120rps", mix: { browse: 9, buy: 1 } }`. */
export type OpenTraffic<S, R> = OpenSettings<S, R> & Mixed<S>;

/** A fixed number of users: `{ to: api, users: 50, think: exponential("2s"), mix: { browse: 9, buy: 1 } }`. */
export type ClosedTraffic<S, T> = ClosedSettings<S, T> & Mixed<S>;

/** That a model's traffic is open, over these operations. */
export interface Open<Op extends string = string> {
  readonly load: "open";
  readonly op: Op;
}

/** That a model's traffic is closed, over these operations. */
export interface Closed<Op extends string = string> {
  readonly load: "closed";
  readonly op: Op;
}

/** What a model's type remembers of its traffic. */
export type Load = Open | Closed;
