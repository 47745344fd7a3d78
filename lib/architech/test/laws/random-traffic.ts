import fc from "fast-check";
import type { FlowDocument, TrafficDocument } from "#src/model/traffic-document.js";
import { time } from "./random-time.js";

export const traffic: fc.Arbitrary<TrafficDocument> = fc.oneof(
  fc.record({
    to: fc.constant("front"),
    rate: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("50rps", "300rps", "2000rps") },
      {
        weight: 1,
        arbitrary: fc.record({
          points: fc
            .array(
              fc.record({ gap: fc.integer({ min: 1, max: 100 }), rate: fc.constantFrom("0rps", "100rps", "900rps") }),
              {
                minLength: 1,
                maxLength: 4,
              },
            )
            .map((steps) => {
              let at = 0;
              return [
                { at: "0ms", rate: "100rps" },
                ...steps.map(({ gap, rate }) => ({ at: `${(at += gap)}ms`, rate })),
              ];
            }),
          steps: fc.boolean(),
          repeat: fc.boolean(),
        }),
      },
    ),
    arrivals: fc.constantFrom("poisson" as const, "regular" as const),
    mix: fc.constant({ browse: 2, buy: 1 }),
  }),
  fc.record({
    to: fc.constant("front"),
    users: fc.integer({ min: 1, max: 20 }),
    think: time,
    mix: fc.constant({ browse: 1 }),
  }),
);

const keys = fc.option(fc.record({ count: fc.integer({ min: 1, max: 50 }), skew: fc.constantFrom(0, 0.8, 1, 2) }), {
  nil: undefined,
});
const toFront = { to: fc.constant("front"), mix: fc.constant({ browse: 2, buy: 1 }) };

/** Flows of every other kind. */
const richFlow: fc.Arbitrary<FlowDocument> = fc
  .tuple(
    fc.oneof(
      fc.record({
        ...toFront,
        rate: fc.constantFrom("50rps", "300rps"),
        batch: fc.constantFrom<number | { mean: number }>(1, 3, { mean: 2 }),
      }),
      fc.record({
        ...toFront,
        rate: fc.constant({
          states: [
            { rate: "50rps", for: "30ms" },
            { rate: "900rps", for: "10ms" },
          ],
        }),
      }),
      fc.record({
        ...toFront,
        rate: fc
          .record({
            unit: fc.constantFrom("ms" as const, "s" as const),
            ops: fc.constantFrom(["browse", "buy", "buy", "browse", "browse"], ["buy", "buy", "buy", "buy", "buy"]),
            repeat: fc.constantFrom("30ms", "1s"),
          })
          .map((rate) => ({ times: rate.unit === "ms" ? [0, 1, 1, 7, 30] : [0, 0.01, 0.02, 0.02, 0.025], ...rate })),
      }),
      fc.record({ ...toFront, sessions: fc.constant("50rps"), requests: fc.constantFrom(1, 3), think: time }),
      fc.record({ ...toFront, users: fc.integer({ min: 1, max: 8 }), think: time }),
    ),
    keys,
  )
  .map(([flow, keys]) => (keys === undefined ? flow : { ...flow, keys }) as FlowDocument);

export const richTraffic: fc.Arbitrary<TrafficDocument> = fc.oneof(
  richFlow,
  fc.record({ gold: richFlow, free: richFlow }).map(({ gold, free }) => ({
    classes: { gold: { ...gold, priority: 3 }, free: { ...free, weight: 0.5 } },
  })),
);
