import { formatAmount, parseAmount, type UnitFamily } from "./amount.js";

/** An amount of data: a number and B, KB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024), as in "2GiB". */
export type Size = `${number}${"B" | "KB" | "MB" | "GB" | "KiB" | "MiB" | "GiB"}`;

/** Sizes in bytes. */
export const sizes: UnitFamily = {
  name: "a size",
  units: { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  choice: "B, KB, MB, GB, KiB, MiB or GiB",
  example: '"2GiB"',
};

/** Bytes of a size such as "2GiB". Throws `unit-invalid`. */
export function parseSize(text: string): number {
  return parseAmount(sizes, text);
}

/** Bytes as a person reads them, in powers of 1024: "1.5 KiB". */
export function formatSize(bytes: number): string {
  return formatAmount(bytes, [
    ["B", 1],
    ["KiB", 1024],
    ["MiB", 1024 ** 2],
    ["GiB", 1024 ** 3],
  ]);
}
