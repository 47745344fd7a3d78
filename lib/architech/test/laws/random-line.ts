import fc from "fast-check";
import type { LineDocument } from "#src/model/line-document.js";
import { ms } from "./random-time.js";

export const plainLine: fc.Arbitrary<LineDocument> = fc.record({
  capacity: fc.integer({ min: 0, max: 5 }),
  order: fc.constantFrom("fifo" as const, "lifo" as const),
});

/** How something waits, in every order. */
export const line: fc.Arbitrary<LineDocument> = fc.oneof(
  fc.record({
    capacity: fc.integer({ min: 0, max: 5 }),
    order: fc.constantFrom(
      "fifo" as const,
      "lifo" as const,
      "sjf" as const,
      "edf" as const,
      "priority" as const,
      "fair" as const,
    ),
  }),
  fc.record({ order: fc.constant("adaptive-lifo" as const), switchAt: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ codel: fc.record({ target: ms(0.1, 2), interval: ms(1, 10) }) }),
  fc.record({ order: fc.constantFrom("fifo" as const, "lifo" as const), maxWait: ms(0.1, 3) }),
  fc.record({
    order: fc.constant("adaptive-lifo" as const),
    switchAt: fc.integer({ min: 0, max: 3 }),
    maxWait: ms(0.1, 3),
    codel: fc.record({ target: ms(0.1, 2), interval: ms(1, 10) }),
  }),
);
