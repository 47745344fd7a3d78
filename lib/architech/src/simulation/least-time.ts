import type { Distribution } from "../engine/distribution.js";

/** What a draw is at least, in ms; 0 where it may be anything. */
export function leastTime(of: Distribution): number {
  switch (of.kind) {
    case "constant":
      return of.value;
    case "uniform":
    case "pareto":
      // Nothing that is drawn is less, but for the last places of a double.
      return of.min * (1 - 2 ** -40);
    case "mixture":
      return Math.min(...of.of.filter(({ weight }) => weight > 0).map(({ part }) => leastTime(part)));
    case "empirical":
      return Math.min(...of.values);
    default:
      return 0;
  }
}
