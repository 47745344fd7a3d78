import type { Callable } from "./node.js";
import type { CheckedRate, CheckedTime } from "./time.js";
import type { KeysDocument } from "./traffic-document.js";
import type { Wrong } from "./wrong.js";

/** The operations of a service or a gateway. */
export type OpsOf<S> = S extends Callable<infer Op> ? Op : never;

type IsOne<T, All = T> = T extends unknown ? ([All] extends [T] ? true : false) : never;

/** Weights by operation; they need not sum to one. May be left out where there is one operation. */
export type Mixed<S> =
  true extends IsOne<OpsOf<S>>
    ? { readonly mix?: { readonly [K in OpsOf<S>]: number } }
    : { readonly mix: { readonly [K in OpsOf<S>]: number } };

interface AnySettings<S> {
  /** The service, or the gateway, that requests arrive at. */
  readonly to: S;
  /** Which key a request is for: `{ count: 10_000, skew: 0.9 }`. Default: none. */
  readonly keys?: KeysDocument;
}

interface OpenSettings<S, R> extends AnySettings<S> {
  readonly rate: CheckedRate<R>;
  /** "poisson" (default): independent of each other. "regular": constant gaps. */
  readonly arrivals?: "poisson" | "regular";
  /** Requests that come at once: a number, or 1, 2, … with this mean (geometric). Default 1. */
  readonly batch?: number | { readonly mean: number };
  readonly users?: never;
  readonly sessions?: never;
}

interface SessionSettings<S, R, T> extends AnySettings<S> {
  /** Users that come, make some requests one after the other, and go. */
  readonly sessions: CheckedRate<R>;
  /** Requests of a session, on average: 1, 2, … (geometric). */
  readonly requests: number;
  /** Time between an answer and the next request. */
  readonly think: CheckedTime<T>;
  readonly rate?: Wrong<"traffic of sessions has no rate of requests">;
  readonly users?: never;
}

interface ClosedSettings<S, T> extends AnySettings<S> {
  /** How many there are; each waits for its answer, thinks, and asks again. */
  readonly users: number;
  readonly think: CheckedTime<T>;
  readonly rate?: Wrong<"traffic with users has no rate">;
  readonly sessions?: never;
}

/** Requests that arrive whatever becomes of those before: `{ to: api, rate: "120rps", mix: { browse: 9, buy: 1 } }`. */
export type OpenTraffic<S, R> = OpenSettings<S, R> & Mixed<S>;

/** Users that come and go: `{ to: api, sessions: "2rps", requests: 12, think: exponential("4s"), mix: { browse: 9, buy: 1 } }`. */
export type SessionTraffic<S, R, T> = SessionSettings<S, R, T> & Mixed<S>;

/** A fixed number of users: `{ to: api, users: 50, think: exponential("2s"), mix: { browse: 9, buy: 1 } }`. */
export type ClosedTraffic<S, T> = ClosedSettings<S, T> & Mixed<S>;

/** That a model's traffic is open, over these operations. */
export interface Open<Op extends string = string> {
  readonly load: "open";
  readonly op: Op;
}

/** That a model's traffic is of sessions, over these operations. */
export interface Sessions<Op extends string = string> {
  readonly load: "sessions";
  readonly op: Op;
}

/** That a model's traffic is closed, over these operations. */
export interface Closed<Op extends string = string> {
  readonly load: "closed";
  readonly op: Op;
}

/** That a model's traffic has classes: their names, and `<class>.<operation>`. */
export interface Classed<Op extends string = string> {
  readonly load: "classes";
  readonly op: Op;
}

/** What a model's type remembers of its traffic. */
export type Load = Open | Sessions | Closed | Classed;

/** Several classes of requests, made by `classes`. */
export interface Classes<Op extends string = string> {
  readonly classes: { readonly [name: string]: object };
  /** Names of the classes, and `<class>.<operation>`: known to types only. */
  readonly op?: Op;
  readonly rate?: never;
  readonly users?: never;
  readonly sessions?: never;
  readonly to?: never;
}
