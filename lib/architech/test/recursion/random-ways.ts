import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { TimeDocument } from "#src/model/time-document.js";

/** Times that no sum of others meets by accident: who comes first is never a question of the order of equal times. */
const odd = fc.integer({ min: 1, max: 9_999 }).map((n) => `${(n / 1000 + Math.SQRT2 / 1e4).toFixed(9)}ms`);

const random: fc.Arbitrary<TimeDocument> = fc.oneof(
  odd.map((mean) => ({ dist: "exponential" as const, mean })),
  odd.map((mean) => ({ dist: "erlang" as const, shape: 3, mean })),
  odd.map((mean) => ({ dist: "lognormal" as const, mean, sigma: 1 })),
  odd.map((mean) => ({ dist: "gamma" as const, shape: 0.7, mean })),
  fc.tuple(odd, odd).map(([a, b]) => ({
    dist: "mixture" as const,
    of: [
      { weight: 1, time: a },
      { weight: 2, time: { dist: "uniform" as const, min: "0ms", max: b } },
    ],
  })),
);

const work = (time: fc.Arbitrary<TimeDocument>): fc.Arbitrary<StepDocument> =>
  fc.record({ do: fc.constantFrom("cpu" as const, "wait" as const), time });

const queue = fc.option(fc.record({ capacity: fc.integer({ min: 0, max: 6 }) }), { nil: undefined });

const service = (rest: object, steps: readonly StepDocument[]): NodeDocument => ({
  kind: "service",
  ...rest,
  ops: { serve: steps },
});

/** One server with works of any kind, or several with one that is constant: whoever comes first goes first. */
const inOrder: fc.Arbitrary<NodeDocument> = fc.oneof(
  fc
    .tuple(fc.array(work(fc.oneof(random, odd)), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([steps, bounded]) => service({ threads: 1, ...(bounded ? { cores: 1 } : {}) }, steps)),
  fc.tuple(work(random), queue).map(([step, queue]) => service({ threads: 1, queue }, [step])),
  fc
    .record({
      threads: fc.integer({ min: 2, max: 4 }),
      replicas: fc.integer({ min: 1, max: 3 }),
      queue,
      step: work(odd),
    })
    .map(({ step, ...rest }) => service(rest, [step])),
);

/** Several servers, behind which the order is lost. */
const last: fc.Arbitrary<NodeDocument> = fc.oneof(
  fc
    .record({
      threads: fc.integer({ min: 1, max: 5 }),
      replicas: fc.integer({ min: 1, max: 3 }),
      queue,
      step: work(random),
    })
    .map(({ step, ...rest }) => service(rest, [step])),
  fc
    .record({
      kind: fc.constant("database" as const),
      connections: fc.integer({ min: 1, max: 5 }),
      read: random,
      write: odd,
      queue,
    })
    .map(({ queue, ...rest }) => ({ ...rest, ...(queue === undefined ? {} : { queue }) })),
  // As many connections as threads: nobody waits for them.
  fc.tuple(fc.integer({ min: 1, max: 4 }), odd).map(([threads, time]) =>
    service({ threads }, [
      { do: "wait", time },
      { do: "call", to: "pool", op: "read" },
    ]),
  ),
);

/** Models whose requests go one way and never overtake each other before a line. */
export const ways: fc.Arbitrary<ModelDocument> = fc
  .record({
    line: fc.array(inOrder, { maxLength: 3 }),
    last,
    pool: random,
    pause: odd,
    rate: fc.integer({ min: 20, max: 400 }),
    arrivals: fc.constantFrom("poisson" as const, "regular" as const),
    direct: fc.boolean(),
  })
  .map(({ line, last, pool, pause, rate, arrivals, direct }) => {
    const nodes: Record<string, NodeDocument> = {};
    for (const [i, node] of line.entries()) nodes[`line${i}`] = node;
    nodes["last"] = last;
    nodes["pool"] = { kind: "database", connections: 4, read: pool, write: "1ms" };
    const op = last.kind === "database" ? "read" : "serve";
    const calls = [...line.map((_, i) => ["serve", `line${i}`] as const), [op, "last"] as const];
    const steps = calls.map(([op, to]): StepDocument => ({ do: "call", to, op }));
    nodes["front"] = service({}, [{ do: "wait", time: pause }, ...steps]);
    const [to, first] = direct && last.kind !== "database" ? ["last", op] : ["front", "serve"];
    return JSON.parse(
      JSON.stringify({
        architech: 1,
        nodes,
        traffic: { to, mix: { [first]: 1 }, rate: `${rate}.37rps`, arrivals },
      }),
    ) as ModelDocument;
  });
