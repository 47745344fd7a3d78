import fc from "fast-check";
import type { BalanceDocument, GatewayDocument, HealthDocument } from "#src/model/balance-document.js";
import { given, maybe } from "./random-optional.js";
import { ms, time } from "./random-time.js";

const ejection = fc.record({
  failures: fc.integer({ min: 1, max: 3 }),
  for: ms(1, 20),
  most: fc.constantFrom(0, 0.6, 1),
});

/** What a balancer in front of so many can be told; `weights` where they are always as many. */
export const balancing = (many: number, weights: boolean): fc.Arbitrary<BalanceDocument> =>
  fc
    .record({
      by: fc.constantFrom("round-robin", "random", "least-connections", "idle", "ewma", "ring", "first"),
      choices: maybe(fc.integer({ min: 1, max: many })),
      weights: weights
        ? maybe(fc.array(fc.constantFrom(0.5, 1, 3), { minLength: many, maxLength: many }))
        : fc.constant(undefined),
      stale: maybe(ms(0, 10)),
      decay: maybe(ms(1, 50)),
      bound: maybe(fc.constantFrom(1.1, 2)),
      sticky: maybe(ms(1, 50)),
      slowStart: maybe(ms(0, 30)),
      ejection: maybe(ejection),
    })
    .map(({ by, choices, weights, stale, decay, bound, sticky, slowStart, ejection }) =>
      given<BalanceDocument>({
        by,
        ejection,
        ...(by === "ring" ? { bound, points: 20, weights } : { sticky }),
        ...(by === "ring" || by === "first" ? {} : { weights, slowStart }),
        ...(by === "least-connections" ? { choices, stale } : {}),
        ...(by === "ewma" ? { choices, decay } : {}),
        ...(by === "idle" ? { stale } : {}),
      }),
    );

/** Hands on to "middle" and "twin". */
export const gateway: fc.Arbitrary<GatewayDocument> = fc
  .record({
    kind: fc.constant("gateway" as const),
    to: fc.constant(["middle", "twin"]),
    ops: fc.constant(["serve"]),
    balance: balancing(2, true),
    nearest: maybe(fc.boolean()),
    health: maybe(
      fc
        .record({
          every: ms(1, 10),
          timeout: maybe(fc.constant("1ms")),
          down: fc.integer({ min: 1, max: 3 }),
          up: fc.integer({ min: 1, max: 2 }),
        })
        .map((all) => given<HealthDocument>(all)),
    ),
    lookup: maybe(time),
  })
  .map((all) => given<GatewayDocument>(all));
