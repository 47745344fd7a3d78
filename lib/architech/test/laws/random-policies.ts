import fc from "fast-check";
import { line } from "./random-line.js";
import { ms } from "./random-time.js";

const window = { window: fc.constantFrom("5ms", "50ms") };

const reserved = fc.constantFrom(
  [],
  [{ priority: 1, share: 0.2 }],
  [
    { priority: 1, share: 0.5 },
    { priority: 3, share: 0.5 },
  ],
);

/** Nodes that let others go on, or not. */
export const policies = {
  limit: fc.oneof(
    fc.record({
      kind: fc.constant("limiter" as const),
      algorithm: fc.constant("token-bucket" as const),
      rate: fc.constantFrom("100rps", "1000rps"),
      burst: fc.integer({ min: 2, max: 5 }),
      wait: ms(0, 3),
      reserved,
    }),
    fc.record({
      kind: fc.constant("limiter" as const),
      algorithm: fc.constantFrom("fixed-window" as const, "sliding-window" as const, "sliding-counter" as const),
      rate: fc.constant("400rps"),
      reserved,
      ...window,
    }),
    fc.record({
      kind: fc.constant("limiter" as const),
      algorithm: fc.constant("leaky-bucket" as const),
      rate: fc.constantFrom("200rps", "2000rps"),
      burst: fc.integer({ min: 1, max: 5 }),
    }),
  ),
  fuse: fc.record({
    kind: fc.constant("breaker" as const),
    window: fc.constantFrom(3, 10, "5ms"),
    minimum: fc.constant(3),
    failureRate: fc.constantFrom(0.2, 1),
    slow: ms(0.5, 3),
    slowRate: fc.constantFrom(0.3, 1),
    openFor: ms(1, 20),
    probes: fc.integer({ min: 1, max: 3 }),
  }),
  pool: fc.record({
    kind: fc.constant("semaphore" as const),
    permits: fc.integer({ min: 1, max: 3 }),
    queue: line.map((line) => (line.order === "sjf" ? { ...line, order: "fifo" as const } : line)),
  }),
  gate: fc
    .record({
      initial: fc.integer({ min: 2, max: 5 }),
      min: fc.integer({ min: 1, max: 2 }),
      reserved,
      as: fc.oneof(
        ms(0.5, 3).map((slow) => ({ algorithm: "aimd", slow }) as const),
        fc.constant({ algorithm: "vegas" } as const),
        fc.constantFrom(1, 2).map((tolerance) => ({ algorithm: "gradient", tolerance }) as const),
      ),
    })
    .map(({ as, ...bounds }) => ({ kind: "concurrency" as const, ...bounds, max: 20, ...as })),
  budget: fc.record({
    kind: fc.constant("retry-budget" as const),
    ratio: fc.constantFrom(0, 0.1, 1),
    burst: fc.integer({ min: 1, max: 5 }),
  }),
};
