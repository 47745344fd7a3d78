import type { Duration } from "../units/duration.js";
import type { Rate } from "../units/rate.js";
import type { ProfileDocument } from "./traffic-document.js";

/** A rate that changes with time, as data: made by `profile`. */
export interface Profile extends ProfileDocument {
  readonly points: readonly { readonly at: Duration; readonly rate: Rate }[];
}

/** How a profile goes on between and after its points. */
export interface ProfileSettings {
  /** The rate stays until the next point instead of going there in a straight line. */
  readonly steps?: boolean;
  /** Begins anew at the time of the last point: a day, again and again. */
  readonly repeat?: boolean;
}

/**
 * A rate that changes: `profile([["0s", "100rps"], ["5min", "800rps"]])` rises in a straight line and stays; two points at
 * one time are a jump. Arrivals are a Poisson process of this rate (or, with `arrivals: "regular"`, come whenever its
 * integral has grown by one).
 */
export function profile(
  points: readonly (readonly [at: Duration, rate: Rate])[],
  settings: ProfileSettings = {},
): Profile {
  return Object.freeze({
    points: Object.freeze(points.map(([at, rate]) => Object.freeze({ at, rate }))),
    ...settings,
  });
}
