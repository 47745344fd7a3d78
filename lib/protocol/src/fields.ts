import { ArchitechError } from "./errors.js";

/** An object that was decoded from a message. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws `bad-message` unless the value is an object with named fields. */
export function record(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ArchitechError("bad-message", `${what} is an object, not ${shown(value)}`);
  return value as Fields;
}

/** The own field of that name, or undefined. */
export function field(from: Fields, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

/** The field read by `parse`, or undefined where it is missing or null. */
export function optionalField<T>(from: Fields, name: string, parse: (from: Fields, name: string) => T): T | undefined {
  const value = field(from, name);
  return value === undefined || value === null ? undefined : parse(from, name);
}

/** Throws `bad-message` unless the field is text. */
export function textField(from: Fields, name: string): string {
  const value = field(from, name);
  if (typeof value !== "string") throw wrong(name, "text", value);
  return value;
}

/** Throws `bad-message` unless the field is a number (infinite and NaN included). */
export function numberField(from: Fields, name: string): number {
  const value = field(from, name);
  if (typeof value !== "number") throw wrong(name, "a number", value);
  return value;
}

/** Throws `bad-message` unless the field is an integer from 0 to 2^53 − 1. */
export function integerField(from: Fields, name: string): number {
  const value = field(from, name);
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw wrong(name, "an integer from 0", value);
  return value;
}

function wrong(name: string, right: string, value: unknown): ArchitechError {
  return new ArchitechError("bad-message", `"${name}" is ${right}, not ${shown(value)}`, { path: [name] });
}

/** A value as a message may quote it: JSON, cut to a readable length. */
export function shown(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
