import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import { metricsOf } from "#src/model/metrics.js";
import type { ConcurrencyDocument, LimiterDocument } from "#src/model/policy-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { validate } from "#src/model/validate.js";
import { agrees, exponential, intervals, run } from "./replications.js";

const reserved = [{ priority: 1, share: 0.2 }] as const;

/** Two classes that ask one policy. */
function classes(
  policy: LimiterDocument | ConcurrencyDocument,
  steps: readonly StepDocument[],
  gold: object,
  free: object,
): ModelDocument {
  const mix = { serve: 1 };
  return {
    architech: 1,
    nodes: { gate: policy, api: { kind: "service", ops: { serve: steps } } },
    traffic: {
      classes: { gold: { to: "api", mix, priority: 1, ...gold }, free: { to: "api", mix, ...free } },
    } as unknown as ModelDocument["traffic"],
  };
}

describe("truth: shedding by priority", () => {
  it("of a limit of calls under way a reserved share is trunk reservation: the birth and death of M/M/c/c with two rates", () => {
    const [limit, kept, gold, free] = [10, 2, 5, 6];
    const guarded: StepDocument[] = [{ do: "guard", by: "gate", steps: [{ do: "wait", time: exponential("10ms") }] }];
    const found = intervals(
      classes(
        { kind: "concurrency", algorithm: "aimd", initial: limit, min: limit, max: limit, reserved },
        guarded,
        { rate: `${gold * 100}rps` },
        { rate: `${free * 100}rps` },
      ),
      { untilMs: 400_000, warmupMs: 2_000, seed: 61 },
      (value) => ({
        gold: value("traffic.gold.errors") / value("traffic.gold.arrivals"),
        free: value("traffic.free.errors") / value("traffic.free.arrivals"),
      }),
    );
    const weights = [1];
    for (let n = 1; n <= limit; n++) weights.push((weights[n - 1]! * (n - 1 < limit - kept ? gold + free : gold)) / n);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const from = (n: number): number => weights.slice(n).reduce((sum, weight) => sum + weight, 0) / total;
    agrees(found.gold, from(limit), "gold");
    agrees(found.free, from(limit - kept), "free");
  });

  it("a limiter lets the others have all but what is reserved, and the important the rest", () => {
    for (const limiter of [
      { algorithm: "token-bucket", burst: 10 },
      { algorithm: "fixed-window", window: "1s" },
      { algorithm: "sliding-window", window: "1s" },
      { algorithm: "sliding-counter", window: "1s" },
    ] as const) {
      const at = (ms: number) => ({ rate: { unit: "ms", times: Array.from({ length: 20 }, () => ms) } });
      const model = validate(
        classes(
          { kind: "limiter", rate: "10rps", ...limiter, reserved },
          [{ do: "call", to: "gate", op: "take" }],
          at(2),
          at(1),
        ),
      );
      const { summary } = run(model, { untilMs: 900, warmupMs: 0, seed: 1 });
      const value = (name: string): number =>
        0.9 * summary[metricsOf(model).findIndex((metric) => metric.name === name)]!;
      const passed = ["free", "gold"].map((name) => Math.round(value(`traffic.${name}.rate`)));
      assert.deepEqual(passed, [8, 2], limiter.algorithm);
    }
  });

  it("without a share a class has nothing, and with one of nothing all", () => {
    for (const [share, passes] of [
      [1, 0],
      [0, 5],
    ] as const) {
      const at = { rate: { unit: "ms", times: [1, 1, 1, 1, 1] } };
      const model = validate(
        classes(
          { kind: "limiter", rate: "5rps", algorithm: "sliding-window", reserved: [{ priority: 1, share }] },
          [{ do: "call", to: "gate", op: "take" }],
          { rate: { unit: "ms", times: [500] } },
          at,
        ),
      );
      const { summary } = run(model, { untilMs: 400, warmupMs: 0, seed: 1 });
      const rate = summary[metricsOf(model).findIndex(({ name }) => name === "traffic.free.rate")]!;
      assert.equal(Math.round(0.4 * rate), passes);
    }
  });
});
