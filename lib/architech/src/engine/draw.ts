import type { Distribution } from "./distribution.js";
import { exponential } from "./exponential.js";
import { exp, log } from "./log-exp.js";
import type { Random } from "./random.js";

/** One draw. */
export function draw(random: Random, from: Distribution): number {
  switch (from.kind) {
    case "constant":
      return from.value;
    case "uniform":
      return from.min + (from.max - from.min) * random.uniform();
    case "exponential":
      return exponential(random) * from.mean;
    case "erlang": {
      let sum = 0;
      for (let i = 0; i < from.shape; i++) sum += exponential(random);
      return (sum * from.mean) / from.shape;
    }
    case "lognormal":
      return exp(from.mu + from.sigma * normal(random));
    case "pareto":
      return from.min * exp(exponential(random) / from.alpha);
    case "mixture": {
      let total = 0;
      for (const { weight } of from.of) total += weight;
      let left = random.uniform() * total;
      for (const { weight, part } of from.of) {
        left -= weight;
        if (left < 0) return draw(random, part);
      }
      return draw(random, from.of.at(-1)!.part);
    }
    case "empirical":
      return from.values[(random.uniform() * from.values.length) | 0]!;
  }
}

/** Standard normal, by Marsaglia's polar method; the second value of a pair is let go, so that a draw keeps no state. */
function normal(random: Random): number {
  for (;;) {
    const u = 2 * random.uniform() - 1;
    const v = 2 * random.uniform() - 1;
    const s = u * u + v * v;
    if (s < 1) return u * Math.sqrt((-2 * log(s)) / s);
  }
}
