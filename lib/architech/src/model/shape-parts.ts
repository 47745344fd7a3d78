import { durations } from "../units/duration.js";
import { rates } from "../units/rate.js";
import { type Field, limits, type ObjectShape, type Shape } from "./shape.js";

// What shapes of documents are made of.

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

export const duration: Shape = { shape: "amount", family: durations };
export const positiveDuration: Shape = { shape: "amount", family: durations, positive: true };
export const rate: Shape = { shape: "amount", family: rates, positive: true };
export const count: Shape = { shape: "number", min: 1, max: limits.count, whole: true };
export const ratio: Shape = { shape: "number", min: 0, max: 1 };
export const weight: Shape = { shape: "number", min: 0, max: 1e12 };
export const text: Shape = { shape: "text", maxLength: limits.text };
export const reference: Shape = { shape: "text", maxLength: limits.name };
export const only = (...values: (string | number)[]): Shape => ({ shape: "one of", values });
export const flag: Shape = { shape: "one of", values: [false, true] };
export const list = (what: string, of: () => Shape): Shape => ({ shape: "list", of, what, least: 1 });
