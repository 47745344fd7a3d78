import { ArchitechError } from "@architech/protocol";

/** Units that measure one thing, each as so many of the base unit. */
export interface UnitFamily {
  /** "duration": what an error calls it, with its article. */
  readonly name: string;
  readonly units: Readonly<Record<string, number>>;
  /** The units as an error lists them. */
  readonly choice: string;
  readonly example: string;
}

const digits = "(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?";

/** Regular expression (its source) of an amount of the family; `positive`: with a digit other than zero. */
export function amountPattern(family: UnitFamily, positive = false): string {
  return `^${positive ? "(?=[\\d.]*[1-9])" : ""}${digits}(?:${Object.keys(family.units).join("|")})$`;
}

/**
 * Reads an amount of the family in its base unit: "1.5s" is 1500 where the base is the millisecond.
 * Throws `unit-invalid`, naming the value and what is right.
 */
export function parseAmount(family: UnitFamily, text: unknown): number {
  const match = typeof text === "string" && text.length <= 64 ? patternOf(family).exec(text) : null;
  if (match === null)
    throw new ArchitechError("unit-invalid", `${quoted(text)} is not ${family.name}: ${reason(family, text)}`);
  const value = Number(match[1]) * family.units[match[2]!]!;
  if (!Number.isFinite(value))
    throw new ArchitechError("unit-invalid", `${quoted(text)} is not ${family.name}: it is too large to count`);
  return value;
}

const patterns = new Map<UnitFamily, RegExp>();

function patternOf(family: UnitFamily): RegExp {
  let pattern = patterns.get(family);
  if (pattern === undefined)
    patterns.set(family, (pattern = new RegExp(`^(${digits})(${Object.keys(family.units).join("|")})$`)));
  return pattern;
}

function reason(family: UnitFamily, text: unknown): string {
  const write = `write a number and ${family.choice}, as in ${family.example}`;
  if (typeof text === "number") return `it has no unit; ${write}`;
  if (typeof text !== "string") return write;
  if (/^-[\d.]/.test(text)) return "it is negative";
  if (/^[+-]?(NaN|Infinity)/.test(text)) return "it is not finite";
  return write;
}

/** A value as a message quotes it: short, strings in quotes. */
export function quoted(value: unknown): string {
  let text: string;
  if (typeof value === "string") text = JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  else if (Array.isArray(value)) text = "a list";
  else if (typeof value === "object" && value !== null) text = "an object";
  else if (value === undefined) text = "nothing";
  else text = typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
  return text;
}

/** A number to three significant digits, without trailing zeros and never in scientific notation below 1e15. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const rounded = size >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  const text = Math.abs(rounded) >= 10_000 && Math.abs(rounded) < 1e15 ? grouped(rounded) : String(rounded);
  return text.replace("-", "−");
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The amount in the largest of the units (smallest first) of which there is at least one. */
export function formatAmount(value: number, units: readonly (readonly [unit: string, size: number])[]): string {
  if (!Number.isFinite(value)) return shortNumber(value);
  const size = Math.abs(value);
  let [unit, one] = units[0]!;
  // Rounding happens before the choice, so that 999.9 ms reads 1 s and not 1000 ms.
  for (const [name, amount] of units) if (Number((size / amount).toPrecision(3)) >= 1) [unit, one] = [name, amount];
  return `${shortNumber(value / one)} ${unit}`;
}
