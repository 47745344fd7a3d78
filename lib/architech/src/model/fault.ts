import type { Node } from "./node.js";
import type { CheckedDuration, TimeLike } from "./time.js";

/** Something that goes wrong at a known time. Made by `outage`, given to `model()`. */
export interface Fault {
  readonly kind: "fault";
}

/** A fault as it is kept until `model()` knows the name of its node. */
export interface FaultData extends Fault {
  readonly do: "outage";
  readonly node: Node;
}

export interface OutageSettings<A, F> {
  /** When it begins. */
  readonly at: CheckedDuration<A>;
  /** How long it lasts. */
  readonly for: CheckedDuration<F>;
  /** "hang" (default): requests wait for its end. "refuse": they fail at once. */
  readonly requests?: "hang" | "refuse";
}

/** The node starts no work for a while; what is under way goes on: `outage(orders, { at: "60s", for: "10s" })`. */
export function outage<A extends TimeLike, F extends TimeLike>(node: Node, settings: OutageSettings<A, F>): Fault {
  return Object.freeze({ kind: "fault", do: "outage", node, ...settings } as FaultData);
}
