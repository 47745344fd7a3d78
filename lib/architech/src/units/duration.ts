import { formatAmount, parseAmount, type UnitFamily } from "./amount.js";

/** A length of time: a number and us, ms, s, min or h, as in "4ms". */
export type Duration = `${number}${"us" | "ms" | "s" | "min" | "h"}`;

/** Durations in milliseconds. */
export const durations: UnitFamily = {
  name: "a duration",
  units: { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 },
  choice: "us, ms, s, min or h",
  example: '"4ms"',
};

/** Milliseconds of a duration such as "4ms" or "1.5min". Throws `unit-invalid`. */
export function parseDuration(text: string): number {
  return parseAmount(durations, text);
}

const shown = [
  ["ns", 1e-6],
  ["µs", 0.001],
  ["ms", 1],
  ["s", 1000],
] as const;
const shownLong = [
  ["min", 60_000],
  ["h", 3_600_000],
] as const;

/** Milliseconds as a person reads them, to three digits: "4 ms", "1.5 s", "20 min". Zero is "0 ms"; NaN is "–". */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0 ms";
  return Math.abs(ms) < 120_000
    ? formatAmount(ms, shown)
    : formatAmount(ms, Math.abs(ms) < 7_200_000 ? shownLong.slice(0, 1) : shownLong);
}
