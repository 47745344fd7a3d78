import fc from "fast-check";
import type { TimeDocument } from "#src/model/time-document.js";

export const ms = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => `${n / 100}ms`);

export const time: fc.Arbitrary<TimeDocument> = fc.oneof(
  ms(0.1, 3),
  ms(0.1, 3).map((value) => ({ dist: "constant", value }) as const),
  ms(0.1, 3).map((mean) => ({ dist: "exponential", mean }) as const),
  fc.record({ dist: fc.constant("erlang" as const), shape: fc.integer({ min: 1, max: 5 }), mean: ms(0.1, 3) }),
  fc.record({
    dist: fc.constantFrom("gamma" as const, "weibull" as const),
    shape: fc.constantFrom(0.5, 1.5, 4),
    mean: ms(0.1, 3),
  }),
  fc.record({ dist: fc.constant("uniform" as const), min: ms(0, 1), max: ms(1, 3) }),
  fc.record({ dist: fc.constant("lognormal" as const), mean: ms(0.1, 3), sigma: fc.constantFrom(0.2, 1) }),
  fc
    .record({ percentile: fc.constantFrom(50, 90, 95, 99, 99.9), mean: fc.constantFrom(0.3, 1.5) })
    .map(({ percentile, mean }) => {
      const value = `${percentile === 50 ? mean / 2 : mean * 2}ms`;
      return { dist: "lognormal", mean: `${mean}ms`, percentile, value } as const;
    }),
  fc.record({ dist: fc.constant("pareto" as const), min: ms(0.1, 1), alpha: fc.constantFrom(1.5, 3) }),
  ms(0.1, 3).map(
    (mean) =>
      ({
        dist: "mixture",
        of: [
          { weight: 1, time: mean },
          { weight: 2, time: { dist: "exponential", mean } },
        ],
      }) as const,
  ),
  fc.array(ms(0.1, 3), { minLength: 1, maxLength: 4 }).map((values) => ({ dist: "empirical", values }) as const),
);
