import { ArchitechError } from "@architech/protocol";
import { parseAmount, quoted, shortNumber, type UnitFamily } from "./amount.js";

/** A share: a number from 0 to 1, or the same as a percentage, as in "85%". */
export type Ratio = number | `${number}%`;

const ratios: UnitFamily = { name: "a ratio", units: { "%": 1 }, choice: "%", example: '"85%"' };

/** The share from 0 to 1 of a percentage such as "85%", or of such a number itself. Throws `unit-invalid`. */
export function parseRatio(value: string | number): number {
  const ratio = typeof value === "number" ? value : parseAmount(ratios, value) / 100;
  if (!(ratio >= 0 && ratio <= 1))
    throw new ArchitechError("unit-invalid", `${quoted(value)} is not a ratio: write 0 to 1, or "0%" to "100%"`);
  return ratio;
}

/** A share from 0 to 1 as a percentage: "85 %". */
export function formatRatio(ratio: number): string {
  return Number.isNaN(ratio) ? "–" : `${shortNumber(ratio * 100)} %`;
}
