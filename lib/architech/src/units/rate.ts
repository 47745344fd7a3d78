import { parseAmount, shortNumber, type UnitFamily } from "./amount.js";

/** How often something happens: a number and rps, rpm or rph (per second, minute, hour), as in "120rps". */
export type Rate = `${number}${"rps" | "rpm" | "rph"}`;

/** Rates per millisecond. */
export const rates: UnitFamily = {
  name: "a rate",
  units: { rps: 1 / 1000, rpm: 1 / 60_000, rph: 1 / 3_600_000 },
  choice: "rps, rpm or rph",
  example: '"120rps"',
};

/** Events per millisecond of a rate such as "120rps". Throws `unit-invalid`. */
export function parseRate(text: string): number {
  return parseAmount(rates, text);
}

/** Events per second as a person reads them: "120/s", "0.5/s". */
export function formatRate(perSecond: number): string {
  return Number.isNaN(perSecond) ? "–" : `${shortNumber(perSecond)}/s`;
}
