import type { Duration } from "../units/duration.js";
import type { Rate } from "../units/rate.js";
import type { BurstsDocument } from "./traffic-document.js";

/** A rate that jumps between states at random, as data: made by `bursts`. */
export interface Bursts extends BurstsDocument {
  readonly states: readonly { readonly rate: Rate; readonly for: Duration }[];
}

/**
 * A Markov-modulated Poisson process: `bursts([["100rps", "10s"], ["900rps", "1s"]])` goes from state to state in turn,
 * and stays in each for an exponential time of this mean.
 */
export function bursts(states: readonly (readonly [rate: Rate, mean: Duration])[]): Bursts {
  return Object.freeze({
    states: Object.freeze(states.map(([rate, mean]) => Object.freeze({ rate, for: mean }))),
  });
}
