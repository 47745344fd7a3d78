import fc from "fast-check";
import { draw } from "#src/engine/core/draw.js";
import type { StepDocument } from "#src/model/step-document.js";
import { openDistribution } from "../engine/memory.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { atOnce, Failed, type Process } from "./process.js";
import { apart, fineMs, modelOf, ms, type Request, requests, requestsAbout, working, works } from "./requests.js";
import { Station } from "./station.js";
import { Walk } from "./steps.js";

const wait = fineMs(0.05, 3).map((time): StepDocument => ({ do: "wait", time: ms(time) }));
const simple: fc.Arbitrary<StepDocument> = fc.oneof(
  { weight: 3, arbitrary: wait },
  {
    weight: 3,
    arbitrary: fc.constantFrom("short", "long", "bad").map((op) => ({ do: "call", to: "line", op }) as const),
  },
  { weight: 1, arbitrary: fc.constant({ do: "fail" } as const) },
);

/** Steps in steps. Branches begin with a wait of their own: who of two is first at the same moment is nobody's promise. */
function steps(depth: number): fc.Arbitrary<StepDocument[]> {
  if (depth === 0) return fc.array(simple, { minLength: 1, maxLength: 3 });
  const inner = steps(depth - 1);
  const nested: fc.Arbitrary<StepDocument> = fc.oneof(
    fc
      .array(fc.tuple(wait, inner), { minLength: 1, maxLength: 3 })
      .map((branches) => ({ do: "parallel" as const, branches: branches.map(([wait, steps]) => [wait, ...steps]) })),
    fc.record({ do: fc.constant("repeat" as const), times: fc.integer({ min: 1, max: 3 }), steps: inner }),
    fc.record(
      {
        do: fc.constant("retry" as const),
        times: fc.integer({ min: 0, max: 3 }),
        backoff: fineMs(0.05, 1).map(ms),
        growth: fc.constantFrom("fixed" as const, "exponential" as const),
        cap: fineMs(0.5, 2).map(ms),
        steps: inner,
      },
      { requiredKeys: ["do", "times", "backoff", "steps"] },
    ),
    fc.record({
      do: fc.constant("timeout" as const),
      after: fineMs(0.05, 5).map(ms),
      cancel: fc.boolean(),
      steps: inner,
    }),
    fc.record({
      do: fc.constant("hedge" as const),
      after: fineMs(0.05, 2).map(ms),
      times: fc.integer({ min: 1, max: 3 }),
      cancel: fc.boolean(),
      steps: inner,
    }),
  );
  return fc.array(fc.oneof(simple, nested), { minLength: 1, maxLength: 3 });
}

describe("truth: retries, timeouts, hedges, parallel steps, event by event", () => {
  const line: Readonly<Record<string, StepDocument[]>> = {
    short: [{ do: "wait", time: "0.3017578125ms" }],
    long: [
      { do: "wait", time: "1.0126953125ms" },
      { do: "wait", time: "1.0791015625ms" },
    ],
    bad: [{ do: "wait", time: "0.7001953125ms" }, { do: "fail" }],
  };
  const cases = fc.record({
    all: requestsAbout(2, steps(2)).map(apart),
    threads: fc.integer({ min: 1, max: 4 }),
  });

  it("steps in steps, in front of a line: what is given up goes on, or ends before its next step", () => {
    holds(
      cases,
      ({ all, threads }) => {
        const model = modelOf(all, ({ about }) => about, { line: { kind: "service", threads, ops: line } });
        const expected = Log.of(all, "q", (log) => {
          const station = new Station(log.world, threads);
          const walk: Walk = new Walk(log.world, (op, waiter) =>
            log.through(
              `line.${op}`,
              (function* (): Process {
                yield* station.take();
                try {
                  yield* walk.through(line[op]!, waiter);
                } finally {
                  station.give();
                }
              })(),
            ),
          );
          return ({ about }) => walk.through(about);
        });
        sameEvents(eventsOf(model, ["q", "line"]), expected);
      },
      1000,
    );
  });

  type Pause = (attempt: number, luck: () => number, before: number) => number;
  const jittered = (
    all: readonly Request[],
    settings: Pick<Extract<StepDocument, { do: "retry" }>, "backoff" | "growth" | "cap" | "jitter">,
    stream: string,
    pause: Pause,
  ): void => {
    const retry = (request: Request): StepDocument[] => [
      { do: "retry", times: 4, ...settings, steps: working(request) },
    ];
    const expected = Log.of(
      all,
      "q",
      () =>
        function* (request) {
          // The engine names the numbers that it draws, so the reference can have the same luck.
          const luck = openDistribution({ kind: "uniform", min: 0, max: 1 }, `1/0/q/${request.name}/${stream}`);
          const numbers = Array.from({ length: 4 }, () => draw(luck));
          let before = 0;
          for (let attempt = 1; ; attempt++)
            try {
              yield* works(request);
              return;
            } catch (failed) {
              if (attempt > 4) throw failed;
              before = pause(attempt, () => numbers[attempt - 1]!, before);
              yield before;
            }
        },
    );
    sameEvents(eventsOf(modelOf(all, retry, {}), ["q"]), expected);
  };

  it("pauses with a share of jitter: none, equal, full", () => {
    const settings = fc.tuple(
      requests(1),
      fineMs(0.1, 2),
      fineMs(0.5, 6),
      fc.constantFrom(0, 0.25, 0.5, 1),
      fc.boolean(),
    );
    holds(settings, ([all, backoff, cap, jitter, grows]) =>
      jittered(
        all,
        { backoff: ms(backoff), cap: ms(cap), jitter, growth: grows ? "exponential" : "fixed" },
        "0/jitter",
        (attempt, luck) => {
          const pause = Math.min(cap, backoff * (grows ? 2 ** (attempt - 1) : 1));
          return pause * (1 - jitter + jitter * luck());
        },
      ),
    );
  });

  it("pauses with decorrelated jitter", () => {
    holds(fc.tuple(requests(1), fineMs(0.1, 2), fineMs(2, 6)), ([all, backoff, cap]) =>
      jittered(
        all,
        { backoff: ms(backoff), cap: ms(cap), jitter: "decorrelated" },
        "0/0/jitter",
        (attempt, luck, before) => {
          const most = 3 * (attempt === 1 ? backoff : before);
          return Math.min(cap, backoff + luck() * (most - backoff));
        },
      ),
    );
  });

  it("a budget pays for each further attempt before its pause: one that it refuses fails at once", () => {
    const settings = fc.tuple(
      requests(1),
      fineMs(0.1, 2),
      fc.constantFrom(0, 0.25, 0.5, 1),
      fc.integer({ min: 1, max: 4 }),
    );
    holds(settings, ([all, backoff, ratio, burst]) => {
      const model = modelOf(
        all,
        (request) => [{ do: "retry", times: 3, backoff: ms(backoff), budget: "budget", steps: working(request) }],
        { budget: { kind: "retry-budget", ratio, burst } },
      );
      const expected = Log.of(all, "q", (log) => {
        let tokens = burst;
        const withdraw = (): Process =>
          atOnce(() => {
            if (tokens < 1) throw new Failed();
            tokens--;
          });
        return function* (request) {
          tokens = Math.min(burst, tokens + ratio);
          for (let attempt = 1; ; attempt++)
            try {
              yield* works(request);
              return;
            } catch (failed) {
              if (attempt > 3) throw failed;
              yield* log.through("budget", withdraw());
              yield backoff;
            }
        };
      });
      sameEvents(eventsOf(model, ["q", "budget"]), expected);
    });
  });
});
