import assert from "node:assert/strict";
import { draw } from "#src/engine/core/draw.js";
import type { Distribution } from "#src/engine/distribution.js";
import { logGamma } from "#src/simulation/distribution.js";
import { openDistribution } from "./memory.js";

const total = 200_000;

function draws(from: Distribution): Float64Array {
  const at = openDistribution(from);
  return Float64Array.from({ length: total }, () => draw(at)).sort();
}

/** The standard normal's distribution function: Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function normal(x: number): number {
  if (x < 0) return 1 - normal(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}

const erlang3 = (x: number): number => 1 - Math.exp(-x) * (1 + x + (x * x) / 2);

/** P(a, x), the gamma's distribution function, by its power series (Abramowitz and Stegun 6.5.29). */
function incompleteGamma(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 500 && term > sum * 1e-15; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(-x + a * Math.log(x) - logGamma(a + 1) + Math.log(a)));
}

/** Each distribution with its distribution function, written down from a textbook. */
const continuous: readonly [Distribution, (x: number) => number][] = [
  [{ kind: "uniform", min: 2, max: 5 }, (x) => (x - 2) / 3],
  [{ kind: "exponential", mean: 4 }, (x) => 1 - Math.exp(-x / 4)],
  [{ kind: "erlang", shape: 3, mean: 6 }, (x) => erlang3(x / 2)],
  [{ kind: "lognormal", mu: 1, sigma: 0.7 }, (x) => normal((Math.log(x) - 1) / 0.7)],
  [{ kind: "gamma", shape: 2.5, mean: 5 }, (x) => incompleteGamma(2.5, x / 2)],
  [{ kind: "gamma", shape: 0.4, mean: 2 }, (x) => incompleteGamma(0.4, x / 5)],
  [{ kind: "weibull", shape: 0.7, scale: 3 }, (x) => 1 - Math.exp(-((x / 3) ** 0.7))],
  [{ kind: "pareto", min: 2, alpha: 1.5 }, (x) => 1 - (2 / x) ** 1.5],
  [
    {
      kind: "mixture",
      of: [
        { weight: 3, part: { kind: "exponential", mean: 1 } },
        { weight: 1, part: { kind: "uniform", min: 0, max: 10 } },
      ],
    },
    (x) => 0.75 * (1 - Math.exp(-x)) + 0.25 * Math.min(1, x / 10),
  ],
];

describe("draw()", () => {
  for (const [from, below] of continuous)
    it(`${JSON.stringify(from)} follows its distribution function (Kolmogorov and Smirnov, 0.1 %)`, () => {
      const sorted = draws(from);
      let distance = 0;
      for (let i = 0; i < total; i++) {
        const f = below(sorted[i]!);
        distance = Math.max(distance, Math.abs(f - i / total), Math.abs((i + 1) / total - f));
      }
      assert.ok(distance * Math.sqrt(total) < 1.95, `${distance * Math.sqrt(total)}`);
    });

  it("the exponential's tail goes on beyond the ziggurat's last layer", () => {
    const sorted = draws({ kind: "exponential", mean: 1 });
    const beyond = sorted.filter((x) => x > 7.69711747013105).length;
    const expected = total * Math.exp(-7.69711747013105);
    assert.ok(Math.abs(beyond - expected) < 4 * Math.sqrt(expected), `${beyond}, expected ${expected}`);
  });

  it("a constant is one", () => assert.ok(draws({ kind: "constant", value: 3 }).every((x) => x === 3)));

  it("empirical draws each of its values as often as the others", () => {
    const values = [1, 2, 30];
    const sorted = draws({ kind: "empirical", values });
    for (const value of values) {
      const count = sorted.filter((x) => x === value).length;
      assert.ok(Math.abs(count - total / 3) < 4 * Math.sqrt((total * 2) / 9), `${value}: ${count}`);
    }
    assert.ok(sorted.every((x) => values.includes(x)));
  });

  it("a mixture never draws a part of weight 0", () => {
    const part = (value: number) => ({ kind: "constant", value }) as const;
    const from: Distribution = {
      kind: "mixture",
      of: [
        { weight: 0, part: part(1) },
        { weight: 2, part: part(2) },
        { weight: 0, part: part(3) },
      ],
    };
    assert.ok(draws(from).every((x) => x === 2));
  });
});

/** Whole numbers with their probabilities, written down from their definitions. */
const discrete: readonly [Distribution, (k: number) => number][] = [
  [{ kind: "geometric", mean: 3 }, (k) => (1 / 3) * (2 / 3) ** (k - 1)],
  ...[0, 0.5, 1, 1.3, 3].map((skew): [Distribution, (k: number) => number] => {
    let sum = 0;
    for (let k = 1; k <= 50; k++) sum += k ** -skew;
    return [{ kind: "zipf", count: 50, skew }, (k) => (k <= 50 ? k ** -skew / sum : 0)];
  }),
];

describe("draw() of whole numbers", () => {
  for (const [from, probability] of discrete)
    it(`${JSON.stringify(from)} has its probabilities (chi squared, 0.1 %)`, () => {
      const counts = new Map<number, number>();
      for (const k of draws(from)) counts.set(k, (counts.get(k) ?? 0) + 1);
      let [chi, cells, rest, restExpected] = [0, 0, total, total];
      for (let k = 1; total * probability(k) >= 20; k++) {
        const [seen, expected] = [counts.get(k) ?? 0, total * probability(k)];
        chi += (seen - expected) ** 2 / expected;
        cells++;
        rest -= seen;
        restExpected -= expected;
      }
      if (restExpected > 20) {
        chi += (rest - restExpected) ** 2 / restExpected;
        cells++;
      }
      // Wilson and Hilferty's approximation of the quantile.
      const n = cells - 1;
      assert.ok(chi < n * (1 - 2 / (9 * n) + 3.09 * Math.sqrt(2 / (9 * n))) ** 3, `${chi} with ${n}`);
    });

  it("is always 1 where the mean is", () => {
    assert.ok(draws({ kind: "geometric", mean: 1 }).every((k) => k === 1));
  });

  it("a hundred million keys cost no more than ten", () => {
    const at = openDistribution({ kind: "zipf", count: 1e8, skew: 0.99 });
    for (let i = 0; i < 100_000; i++) {
      const k = draw(at);
      assert.ok(Number.isInteger(k) && k >= 1 && k <= 1e8);
    }
  });
});
