import type { Duration } from "../units/duration.js";
import type { Ratio } from "../units/ratio.js";
import type { Rate } from "../units/rate.js";
import type { DistributionDocument } from "./document.js";

/** A random length of time, as data: made by `exponential`, `lognormal` and their like. */
export type Distribution = DistributionDocument;

/** A length of time: fixed, as in "4ms", or drawn from a distribution. */
export type Time = Duration | Distribution;

/** What a parameter takes so that a wrong value meets a sentence instead of a list of types. */
export type TimeLike = string | number | Distribution;

/** The time itself, or a sentence that says what is wrong with it. */
export type CheckedTime<T> = T extends `-${string}`
  ? `'${T}' is negative: a duration is 0 or more`
  : T extends Time
    ? T
    : T extends string
      ? `'${T}' is not a duration: write a number and us, ms, s, min or h, as in '4ms'`
      : T extends number
        ? `${T} has no unit: write '${T}ms', or us, s, min or h`
        : Time;

/** The duration itself, or a sentence that says what is wrong with it. */
export type CheckedDuration<T> = T extends Distribution ? "a fixed duration is needed here, not a distribution" : CheckedTime<T>;

/** The rate itself, or a sentence that says what is wrong with it. */
export type CheckedRate<T> = T extends `-${string}`
  ? `'${T}' is negative: a rate is more than 0`
  : T extends Rate
    ? T
    : T extends string
      ? `'${T}' is not a rate: write a number and rps, rpm or rph, as in '120rps'`
      : T extends number
        ? `${T} has no unit: write '${T}rps', or rpm or rph`
        : Rate;

/** The share itself, or a sentence that says what is wrong with it. */
export type CheckedRatio<T> = T extends `-${string}`
  ? `'${T}' is negative: a ratio is 0 to 1, or '0%' to '100%'`
  : T extends Ratio
    ? T
    : `'${T & string}' is not a ratio: write 0 to 1, or a percentage as in '85%'`;
