import assert from "node:assert/strict";
import { meanValueAnalysis, powerOfChoicesLimit } from "./closed-forms.js";
import { agrees, call, exponential, intervals, modelOf, station } from "./replications.js";

const single = (mean: string) =>
  ({ kind: "service", threads: 1, ops: { serve: [{ do: "cpu", time: exponential(mean) }] } }) as const;

describe("truth: networks", () => {
  it("a tandem is a Jackson network: each queue is an M/M/1", () => {
    const model = modelOf(
      {
        front: { kind: "service", ops: { go: [call("a"), call("b"), call("c")] } },
        a: single("1ms"),
        b: single("0.8ms"),
        c: single("1.2ms"),
      },
      { to: "front", rate: "500rps", mix: { go: 1 } },
    );
    const found = intervals(model, { untilMs: 300_000, warmupMs: 1_000, seed: 101 }, (value) => ({
      a: value("a.latency.mean"),
      b: value("b.latency.mean"),
      c: value("c.latency.mean"),
      whole: value("traffic.latency.mean"),
    }));
    const sojourn = (mean: number) => 1 / (1 / mean - 0.5);
    agrees(found.a, sojourn(1), "a");
    agrees(found.b, sojourn(0.8), "b");
    agrees(found.c, sojourn(1.2), "c");
    agrees(found.whole, sojourn(1) + sojourn(0.8) + sojourn(1.2), "whole");
  });

  it("with feedback each queue is an M/M/1 at the total of its visits", () => {
    // After each visit to both, one in three starts again: 1.5 visits, λ = 0.6/ms at each.
    const model = modelOf(
      {
        front: {
          kind: "service",
          ops: {
            go: [
              call("a"),
              call("b"),
              {
                do: "either",
                branches: [
                  { weight: 1, steps: [call("front", "again")] },
                  { weight: 2, steps: [] },
                ],
              },
            ],
            again: [call("front", "go")],
          },
        },
        a: single("1ms"),
        b: single("0.5ms"),
      },
      { to: "front", rate: "400rps", mix: { go: 1 } },
    );
    const found = intervals(model, { untilMs: 250_000, warmupMs: 1_000, seed: 100 }, (value) => ({
      rate: value("a.rate"),
      a: value("a.latency.mean"),
      b: value("b.latency.mean"),
      whole: value("traffic.latency.mean"),
    }));
    agrees(found.rate, 600, "rate");
    agrees(found.a, 1 / (1 - 0.6), "a");
    agrees(found.b, 1 / (2 - 0.6), "b");
    agrees(found.whole, 1.5 * (1 / 0.4 + 1 / 1.4), "whole");
  });

  it("a closed network agrees with exact mean value analysis", () => {
    const model = modelOf(
      { front: { kind: "service", ops: { go: [call("a"), call("b")] } }, a: single("2ms"), b: single("3ms") },
      { to: "front", users: 7, think: exponential("10ms"), mix: { go: 1 } },
    );
    const known = meanValueAnalysis([2, 3], 10, 7);
    const found = intervals(model, { untilMs: 200_000, warmupMs: 1_000, seed: 13 }, (value) => ({
      rate: value("traffic.rate"),
      response: value("traffic.latency.mean"),
      inside: value("traffic.inside"),
    }));
    agrees(found.rate, known.throughput * 1000, "rate");
    agrees(found.response, known.response, "response");
    agrees(found.inside, known.throughput * known.response, "inside");
  });

  it("power of two choices comes down to its mean-field limit as replicas grow", () => {
    const load = 0.8;
    const limit = powerOfChoicesLimit(load, 2);
    const sojourn = (replicas: number, length: number) =>
      intervals(
        station(exponential("1ms"), `${load * replicas * 1000}rps`, { replicas, balance: { choices: 2 } }),
        { untilMs: length, warmupMs: 100, seed: 14 },
        (value) => ({ sojourn: value("q.latency.mean") }),
      ).sojourn;
    const few = sojourn(5, 4_000);
    const some = sojourn(20, 2_000);
    const many = sojourn(200, 600);
    assert.ok(few.mean > some.mean && some.mean > many.mean, `${few.mean} > ${some.mean} > ${many.mean}`);
    assert.ok(some.mean > limit, `${some.mean} is above the limit ${limit}`);
    assert.ok(Math.abs(many.mean - limit) < 0.02 * limit, `${many.mean} is near the limit ${limit}`);
  });

  it("least connections over unit servers keeps close to M/M/c, and far from random choice", () => {
    const model = station(exponential("1ms"), "3200rps", { replicas: 4, balance: "least-connections" });
    const found = intervals(model, { untilMs: 30_000, warmupMs: 500, seed: 15 }, (value) => ({
      sojourn: value("q.latency.mean"),
    }));
    // Shortest queue lies between one common queue (1.75) and random choice (5).
    assert.ok(found.sojourn.mean > 1.745 && found.sojourn.mean < 2.2, String(found.sojourn.mean));
  });
});
