import type { Path } from "../model/shape.js";
import { quoted } from "../units/amount.js";
import { wrong } from "./read.js";

const sizes: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** A quantity of Kubernetes: a number, or text with a suffix as in "500m" (thousandths), "2k" or "1Mi". More than 0. */
export function parseQuantity(value: unknown, path: Path): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(value));
  const right = typeof value === "number" || typeof value === "string";
  const amount = match === null || !right ? Number.NaN : Number(match[1]! + (match[2] ?? "")) * sizes[match[3] ?? ""]!;
  if (!(amount > 0 && amount < 1e15))
    return wrong(path, `is ${quoted(value)}: a quantity of more than 0 is expected, as in "500m" or 20`);
  return amount;
}
