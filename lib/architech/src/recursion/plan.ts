import type { Distribution } from "../engine/distribution.js";

/** A time that is drawn: from what, and by the random stream of which name. */
export interface Drawn {
  readonly stream: string;
  readonly from: Distribution;
}

/** What measures a request: the whole of it, or one call. */
export interface FramePlan {
  readonly meter: number;
  /** Whether its latency is what clients see. */
  readonly observed: boolean;
}

/** First come, first served. */
export interface LinePlan {
  readonly servers: number;
  /** Stations that are alike, taken in turn. */
  readonly replicas: number;
  /** Requests that wait at most, in front of each; Infinity where there is no limit. */
  readonly room: number;
  /** Gauge and depth of what waits, counter of what found no room (-1 where there always is). */
  readonly gauge: number;
  readonly depth: number;
  readonly rejections: number;
}

/** A part of the way that every request goes. */
export type Stage =
  /** A frame begins. */
  | { readonly do: "begin"; readonly frame: number }
  /** Waits for a server, which is held for the works named (by number) and to the end of the frame. */
  | { readonly do: "serve"; readonly frame: number; readonly line: number; readonly works: readonly number[] }
  /** Time passes; `busy`: gauge of busy cores, or -1. */
  | { readonly do: "work"; readonly work: number; readonly busy: number }
  /** A frame ends; `served`: whether it has held a server. */
  | { readonly do: "end"; readonly frame: number; readonly served: boolean };

/**
 * A model whose requests never overtake each other where one might wait for another: all of them go one way, and when
 * each comes and goes follows from those before it alone. Times are in ms.
 */
export interface RecursionPlan {
  readonly arrivals: Drawn;
  readonly works: readonly Drawn[];
  readonly frames: readonly FramePlan[];
  readonly lines: readonly LinePlan[];
  readonly stages: readonly Stage[];
  /** How many there are of each in the tables of the model. */
  readonly meters: number;
  readonly gauges: number;
  readonly depths: number;
  readonly counters: number;
  /**
   * Whether each draw goes to the request that it goes to by events, too: not where requests overtake each other and
   * then draw once more.
   */
  readonly sameDraws: boolean;
}

/** Time between two requests, on average. */
export function meanGap({ arrivals: { from } }: RecursionPlan): number {
  if (from.kind === "exponential") return from.mean;
  if (from.kind === "constant") return from.value;
  throw new Error(`requests do not come by a ${from.kind} distribution`);
}
