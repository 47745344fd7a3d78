import type { TimeDocument } from "./time-document.js";

/** Something that goes wrong: at a known time, for a known time, or again and again at random. */
export type FaultDocument =
  | OutageDocument
  | CrashDocument
  | SlowDocument
  | ErrorsDocument
  | PauseDocument
  | PausesDocument
  | PartitionDocument;

/** From `at` for `for`, the node (or all of the zone) starts no work: what arrives waits ("hang", the default) or fails at once ("refuse"). Work under way goes on. */
export interface OutageDocument {
  readonly do: "outage";
  readonly node?: string;
  readonly zone?: string;
  readonly at: string;
  readonly for: string;
  readonly requests?: "hang" | "refuse";
}

/** An outage again and again: up for `mtbf`, down for `mttr`, both exponential with these means. All of a zone at once. */
export interface CrashDocument {
  readonly do: "crash";
  readonly node?: string;
  readonly zone?: string;
  readonly mtbf: string;
  readonly mttr: string;
  readonly requests?: "hang" | "refuse";
}

/** Everything that the node does takes `by` times as long. */
export interface SlowDocument {
  readonly do: "slow";
  readonly node: string;
  readonly by: number;
  readonly at: string;
  readonly for: string;
}

/** What arrives at the node fails with this probability. */
export interface ErrorsDocument {
  readonly do: "errors";
  readonly node: string;
  readonly probability: number;
  readonly at: string;
  readonly for: string;
}

/** The node stands still with all that is under way. */
export interface PauseDocument {
  readonly do: "pause";
  readonly node: string;
  readonly at: string;
  readonly for: string;
}

/** Each replica by itself stands still, again and again: garbage collection. `every` runs from the end of one to the next. */
export interface PausesDocument {
  readonly do: "pauses";
  readonly node: string;
  readonly every: TimeDocument;
  readonly for: TimeDocument;
}

/** Calls between the two, each a node, a zone or "traffic", do not arrive. */
export interface PartitionDocument {
  readonly do: "partition";
  readonly between: readonly [string, string];
  readonly at: string;
  readonly for: string;
  readonly requests?: "hang" | "refuse";
}
