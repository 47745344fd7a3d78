import fc from "fast-check";
import type { StepDocument } from "#src/model/step-document.js";
import { ms, time } from "./random-time.js";

/** Steps that ask a policy, start something twice, or take it back. */
function richSteps(inner: fc.Arbitrary<StepDocument[]>): fc.Arbitrary<StepDocument>[] {
  return [
    fc.record({
      do: fc.constant("timeout" as const),
      after: ms(0.2, 5),
      cancel: fc.boolean(),
      steps: inner,
    }),
    fc.record({
      do: fc.constant("retry" as const),
      times: fc.integer({ min: 1, max: 3 }),
      backoff: ms(0.1, 1),
      cap: fc.constant("4ms"),
      jitter: fc.constant("decorrelated" as const),
      budget: fc.constant("budget"),
      steps: inner,
    }),
    fc.record({
      do: fc.constant("hedge" as const),
      after: ms(0.1, 3),
      times: fc.integer({ min: 1, max: 2 }),
      cancel: fc.boolean(),
      steps: inner,
    }),
    fc.record(
      {
        do: fc.constant("custom" as const),
        name: fc.constantFrom("decide", "perhaps"),
        steps: fc.dictionary(fc.constantFrom("one", "other"), inner, { maxKeys: 2 }),
      },
      { requiredKeys: ["do", "name"] },
    ),
    fc.record({ do: fc.constant("guard" as const), by: fc.constantFrom("fuse", "pool", "gate"), steps: inner }),
    // Nothing that gets from the cache again: that load would wait for itself.
    fc.record({
      do: fc.constant("call" as const),
      to: fc.constant("cache"),
      op: fc.constant("get"),
      miss: fc.constantFrom<StepDocument[]>(
        [
          { do: "cpu", time: "0.3ms" },
          { do: "call", to: "db", op: "read" },
        ],
        [
          { do: "call", to: "leaf", op: "serve" },
          { do: "fail", probability: 0.3 },
        ],
        [],
      ),
    }),
  ];
}

/** Steps that may call only these: later nodes, so that every call comes to an end. */
export function steps(
  targets: readonly (readonly [string, string])[],
  depth: number,
  rich: boolean,
  queues: readonly string[] = [],
): fc.Arbitrary<StepDocument[]> {
  const call = fc.constantFrom(...targets).map(([to, op]) => ({ do: "call", to, op }) as const);
  const simple: fc.Arbitrary<StepDocument> = fc.oneof(
    { weight: 3, arbitrary: time.map((time) => ({ do: "cpu", time }) as const) },
    { weight: 1, arbitrary: time.map((time) => ({ do: "wait", time }) as const) },
    { weight: 4, arbitrary: call },
    ...(queues.length === 0
      ? []
      : [{ weight: 1, arbitrary: fc.constantFrom(...queues).map((to) => ({ do: "publish", to }) as const) }]),
    {
      weight: 1,
      arbitrary: fc.constantFrom(0.05, 0.5, 1).map((probability) => ({ do: "fail", probability }) as const),
    },
  );
  if (depth === 0) return fc.array(simple, { minLength: 1, maxLength: 3 });
  const inner = steps(targets, depth - 1, rich, queues);
  const nested: fc.Arbitrary<StepDocument> = fc.oneof(
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((branches) => ({ do: "parallel", branches }) as const),
    fc
      .array(fc.record({ weight: fc.integer({ min: 1, max: 5 }), steps: inner }), { minLength: 1, maxLength: 3 })
      .map((branches) => ({ do: "either", branches }) as const),
    fc.record({ do: fc.constant("repeat" as const), times: fc.integer({ min: 1, max: 3 }), steps: inner }),
    fc.record({
      do: fc.constant("retry" as const),
      times: fc.integer({ min: 1, max: 3 }),
      backoff: ms(0.1, 2),
      growth: fc.constantFrom("fixed" as const, "exponential" as const),
      jitter: fc.constantFrom(0, 0.5, 1),
      steps: inner,
    }),
    fc.record({ do: fc.constant("timeout" as const), after: ms(0.2, 5), steps: inner }),
    ...(rich ? richSteps(inner) : []),
  );
  return fc.array(fc.oneof({ weight: 2, arbitrary: simple }, { weight: 1, arbitrary: nested }), {
    minLength: 1,
    maxLength: 3,
  });
}
