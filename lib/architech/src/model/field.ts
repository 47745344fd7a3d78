import { durations } from "../units/duration.js";
import type { Field, ObjectShape, Shape } from "./shape.js";

/** An object with exactly these fields; `also` says what they must be together. */
export const object = (what: string, fields: Record<string, Field>, also?: ObjectShape["also"]): ObjectShape => ({
  shape: "object",
  what,
  fields,
  ...(also === undefined ? {} : { also }),
});
export const required = (is: Shape, doc?: string): Field => ({ is, ...(doc === undefined ? {} : { doc }) });
export const optional = (is: Shape, doc?: string): Field => ({
  is,
  optional: true,
  ...(doc === undefined ? {} : { doc }),
});
export const only = (...values: (string | number)[]): Shape => ({ shape: "one of", values });
export const flag: Shape = { shape: "one of", values: [false, true] };
export const duration: Shape = { shape: "amount", family: durations };
export const positiveDuration: Shape = { shape: "amount", family: durations, positive: true };
