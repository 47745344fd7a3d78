import { exp, log } from "./core/log-exp.js";
import { zipfIntegral, zipfInverse } from "./core/zipf.js";
import type { Distribution } from "./distribution.js";
import type { Image } from "./image.js";

const kinds = {
  constant: 0,
  uniform: 1,
  exponential: 2,
  erlang: 3,
  lognormal: 4,
  pareto: 5,
  mixture: 6,
  empirical: 7,
  gamma: 8,
  weibull: 9,
  zipf: 10,
  geometric: 11,
} as const satisfies Record<Distribution["kind"], number>;

/** Writes a distribution into the four ints at a place: kind, its doubles, how many it has of what repeats, its parts. */
export function layDistribution(image: Image, at: number, from: Distribution): void {
  const parts = from.kind === "mixture" ? image.take(4 * from.of.length) : 0;
  if (from.kind === "mixture")
    for (const [i, { part }] of from.of.entries()) layDistribution(image, parts + 4 * i, part);
  const values = image.layFloats(valuesOf(from));
  image.ints.set([kinds[from.kind], values, countOf(from), parts], at);
}

function valuesOf(from: Distribution): readonly number[] {
  switch (from.kind) {
    case "constant":
      return [from.value];
    case "uniform":
      return [from.min, from.max];
    case "exponential":
    case "erlang":
      return [from.mean];
    case "gamma":
      return [from.mean, from.shape];
    case "weibull":
      return [from.scale, from.shape];
    case "lognormal":
      return [from.mu, from.sigma];
    case "pareto":
      return [from.min, from.alpha];
    case "mixture":
      return from.of.map(({ weight }) => weight);
    case "empirical":
      return from.values;
    case "zipf": {
      const { count, skew } = from;
      const first = zipfIntegral(1.5, skew) - 1;
      const squeeze = 2 - zipfInverse(zipfIntegral(2.5, skew) - exp(-skew * log(2)), skew);
      return [count, skew, first, zipfIntegral(count + 0.5, skew), squeeze];
    }
    case "geometric":
      return [from.mean > 1 ? -1 / log(1 - 1 / from.mean) : 0];
  }
}

function countOf(from: Distribution): number {
  if (from.kind === "erlang") return from.shape;
  if (from.kind === "mixture") return from.of.length;
  return from.kind === "empirical" ? from.values.length : 0;
}
