import fc from "fast-check";
import type { WorkerDocument } from "#src/model/messaging-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { given, maybe } from "./random-optional.js";
import { scale } from "./random-scale.js";
import { ms, time } from "./random-time.js";

const batch = fc.oneof(
  fc.record({ max: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ max: fc.integer({ min: 2, max: 5 }), wait: ms(0, 3), each: time }),
);

type Steps = fc.Arbitrary<readonly StepDocument[]>;

/** What keeps messages and hands them on, takes them, and starts by itself. */
export const messaging = (work: Steps, publishing: Steps): Readonly<Record<string, fc.Arbitrary<NodeDocument>>> => ({
  jobs: fc
    .record({
      kind: fc.constant("queue" as const),
      capacity: fc.integer({ min: 1, max: 20 }),
      visibility: maybe(ms(0.5, 5)),
      backoff: maybe(ms(0, 3)),
      maxReceives: fc.integer({ min: 1, max: 3 }),
      deadLetter: maybe(fc.constant("grave")),
      delay: maybe(ms(0, 3)),
    })
    .map(({ visibility, delay, capacity, kind, ...more }) =>
      given<NodeDocument>({ kind, capacity, delay, ...(visibility === undefined ? {} : { visibility, ...more }) }),
    ),
  grave: fc.record({ kind: fc.constant("queue" as const), capacity: fc.integer({ min: 1, max: 20 }) }),
  digger: fc.record({ kind: fc.constant("worker" as const), takes: fc.constant("grave"), work: time }),
  events: fc
    .record({
      kind: fc.constant("log" as const),
      partitions: fc.integer({ min: 1, max: 5 }),
      retention: maybe(ms(1, 20)),
    })
    .map(given<NodeDocument>),
  bus: fc.record({
    kind: fc.constant("topic" as const),
    to: fc.constantFrom(["jobs"], ["grave", "events"], ["events", "jobs"]),
  }),
  biller: fc
    .record({
      kind: fc.constant("worker" as const),
      takes: fc.constant("events"),
      group: fc.constant("billing"),
      replicas: fc.integer({ min: 1, max: 4 }),
      scale: scale(true, "worker", "events"),
      threads: fc.integer({ min: 1, max: 2 }),
      rebalance: ms(0, 5),
      work: fc.oneof<fc.Arbitrary<WorkerDocument["work"]>[]>(time, work),
      batch: maybe(batch),
    })
    .map(({ replicas, scale, ...more }) =>
      given<NodeDocument>({ ...more, ...(scale === undefined ? { replicas } : { scale }) }),
    ),
  helper: fc.record({
    kind: fc.constant("worker" as const),
    takes: fc.constant("events"),
    group: fc.constantFrom("billing", "other"),
    work: time,
  }),
  nightly: fc
    .record({
      kind: fc.constant("job" as const),
      every: ms(3, 60),
      offset: ms(0, 20),
      jitter: ms(0, 20),
      overlap: fc.boolean(),
      keys: fc.constant({ count: 20, skew: 1 }),
      steps: publishing,
    })
    .map(given<NodeDocument>),
  worker: fc
    .record({
      kind: fc.constant("worker" as const),
      takes: fc.constant("jobs"),
      threads: fc.integer({ min: 1, max: 3 }),
      work: fc.oneof<fc.Arbitrary<WorkerDocument["work"]>[]>(time, work),
      batch: maybe(batch),
      scale: scale(true, "worker"),
    })
    .map(given<NodeDocument>),
});
