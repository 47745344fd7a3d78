import { parseAmount, type UnitFamily } from "./amount.js";

/** Data a second: a number and kbps, Mbps, Gbps (bits) or KBps, MBps, GBps (bytes), in powers of 1000, as in "10Gbps". */
export type Bandwidth = `${number}${"kbps" | "Mbps" | "Gbps" | "KBps" | "MBps" | "GBps"}`;

/** Bandwidths in bytes a millisecond. */
export const bandwidths: UnitFamily = {
  name: "a bandwidth",
  units: { kbps: 0.125, Mbps: 125, Gbps: 125_000, KBps: 1, MBps: 1000, GBps: 1_000_000 },
  choice: "kbps, Mbps, Gbps, KBps, MBps or GBps",
  example: '"10Gbps"',
};

/** Bytes a millisecond of a bandwidth such as "10Gbps". Throws `unit-invalid`. */
export function parseBandwidth(text: string): number {
  return parseAmount(bandwidths, text);
}
