import type { Duration } from "../units/duration.js";
import type { Rate } from "../units/rate.js";
import type { Ratio } from "../units/ratio.js";
import type { Bursts } from "./bursts.js";
import type { Profile } from "./profile.js";
import type { DistributionDocument } from "./time-document.js";
import type { Trace } from "./trace.js";

/** A random length of time, as data: made by `exponential`, `lognormal` and their like. */
export interface Distribution {
  readonly dist: DistributionDocument["dist"];
}

/** A length of time: fixed, as in "4ms", or drawn from a distribution. */
export type Time = Duration | Distribution;

/** What a parameter for a time takes, so that a wrong value meets a sentence instead of a list of types. */
export type TimeLike = string | number | Distribution;

/** What a parameter for a rate takes. */
export type RateLike = string | number | ChangingRate;

/** A rate that changes with time. */
export type ChangingRate = Profile | Bursts | Trace;

/** The sentence about a time that is none; never when there is nothing to say. */
export type TimeFault<T> = T extends `${string} ${string}`
  ? `'${T}' has a space: write a number and its unit without one, as in '4ms'`
  : T extends `-${string}`
    ? `'${T}' is negative: a duration is 0 or more`
    : T extends Time
      ? never
      : T extends string
        ? `'${T}' is not a duration: write a number and us, ms, s, min or h, as in '4ms'`
        : T extends number
          ? `${T} has no unit: write '${T}ms', or us, s, min or h`
          : "a duration such as '4ms' is needed, or a distribution";

/** The sentence about a fixed duration that is none. */
export type DurationFault<T> = T extends Distribution ? "a fixed duration is needed, not a distribution" : TimeFault<T>;

/** The sentence about a rate that is none. */
export type RateFault<T> = T extends `${string} ${string}`
  ? `'${T}' has a space: write a number and its unit without one, as in '120rps'`
  : T extends `-${string}`
    ? `'${T}' is negative: a rate is more than 0`
    : T extends Rate | ChangingRate
      ? never
      : T extends string
        ? `'${T}' is not a rate: write a number and rps, rpm or rph, as in '120rps'`
        : T extends number
          ? `${T} has no unit: write '${T}rps', or rpm or rph`
          : "a rate such as '120rps' is needed, or a profile of rates";

/** The sentence about a share that is none. */
export type RatioFault<T> = T extends `${string} ${string}`
  ? `'${T}' has a space: write '85%', or 0 to 1`
  : T extends `-${string}`
    ? `'${T}' is negative: a ratio is 0 to 1, or '0%' to '100%'`
    : T extends Ratio
      ? never
      : T extends string
        ? `'${T}' is not a ratio: write 0 to 1, or a percentage as in '85%'`
        : "a ratio is needed: 0 to 1, or a percentage as in '85%'";

// Where nothing was inferred, T is its whole constraint: then the plain type makes the better message.
type Checked<T, Constraint, Fault, Right> = [Constraint] extends [T] ? Right : [Fault] extends [never] ? T : Fault;

/** The time itself, or the sentence that says what is wrong with it. */
export type CheckedTime<T> = Checked<T, TimeLike, TimeFault<T>, Time>;

/** The duration itself, or the sentence that says what is wrong with it. */
export type CheckedDuration<T> = Checked<T, TimeLike, DurationFault<T>, Duration>;

/** The rate itself, or the sentence that says what is wrong with it. */
export type CheckedRate<T> = Checked<T, RateLike, RateFault<T>, Rate | ChangingRate>;

/** The share itself, or the sentence that says what is wrong with it. */
export type CheckedRatio<T> = Checked<T, string | number, RatioFault<T>, Ratio>;
