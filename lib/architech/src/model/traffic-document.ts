import type { TimeDocument } from "./time-document.js";

/** One flow of requests, or several classes of them. */
export type TrafficDocument = FlowDocument | ClassesDocument;

export type FlowDocument = OpenTrafficDocument | SessionTrafficDocument | ClosedTrafficDocument;

/** Several flows, each with its own operations, priority and share. */
export interface ClassesDocument {
  readonly classes: Readonly<Record<string, ClassDocument>>;
}

export type ClassDocument = FlowDocument & {
  /** Where lines go by priority, the larger is next. Default 0. */
  readonly priority?: number;
  /** Where lines are fair, its share. Default 1. */
  readonly weight?: number;
};

/**
 * A rate that changes: at each of the points it is what the point says, and between two it goes in a straight line
 * (or, with `steps`, stays until the next). Before the first point and after the last it is as there.
 */
export interface ProfileDocument {
  /** In the order of their times. Two at one time are a jump. */
  readonly points: readonly { readonly at: string; readonly rate: string }[];
  /** Default false. */
  readonly steps?: boolean;
  /** Begins anew at the time of the last point. Default false. */
  readonly repeat?: boolean;
}

/** A rate that jumps between states at random: a Markov-modulated Poisson process. Each state lasts `for` on average. */
export interface BurstsDocument {
  readonly states: readonly { readonly rate: string; readonly for: string }[];
}

/** Arrivals as they were recorded. */
export interface TraceDocument {
  /** Times in this unit, in order. */
  readonly unit: "ms" | "s";
  readonly times: readonly number[];
  /** The operation of each, one for each time. Default: drawn from the mix. */
  readonly ops?: readonly string[];
  /** Begins anew after this time. Default: nobody comes after the last. */
  readonly repeat?: string;
}

/** Which key a request is for: 1 to `count`, key k with a probability proportional to k^−skew (Zipf). */
export interface KeysDocument {
  readonly count: number;
  /** 0 (default): each is equally likely. */
  readonly skew?: number;
}

interface AnyFlowDocument {
  readonly to: string;
  /** Weights by operation; they need not sum to one. */
  readonly mix: Readonly<Record<string, number>>;
  /** Default: a request is for no key. */
  readonly keys?: KeysDocument;
}

export interface OpenTrafficDocument extends AnyFlowDocument {
  /** "120rps", or a rate that changes, or what was recorded. */
  readonly rate: string | ProfileDocument | BurstsDocument | TraceDocument;
  /** Default "poisson". "regular": one whenever one more is due. */
  readonly arrivals?: "poisson" | "regular";
  /** Requests that come at once: a number, or 1, 2, … with this mean (geometric). Default 1. */
  readonly batch?: number | { readonly mean: number };
}

/** Users that come, make some requests one after the other, and go. */
export interface SessionTrafficDocument extends AnyFlowDocument {
  readonly sessions: string | ProfileDocument;
  /** Requests of a session, on average: 1, 2, … (geometric). */
  readonly requests: number;
  /** Time between an answer and the next request. */
  readonly think: TimeDocument;
}

export interface ClosedTrafficDocument extends AnyFlowDocument {
  readonly users: number;
  readonly think: TimeDocument;
}
