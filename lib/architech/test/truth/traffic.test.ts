import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { TrafficDocument } from "#src/model/traffic-document.js";
import { cobham, erlangC, meanValueAnalysis } from "./closed-forms.js";
import { agrees, exponential, intervals, modelOf } from "./replications.js";

const second = 1_000;
const cpu = (time: Extract<StepDocument, { do: "cpu" }>["time"]): StepDocument[] => [{ do: "cpu", time }];

/** One thread with these operations, and its traffic. */
function queue(
  ops: Record<string, StepDocument[]>,
  traffic: TrafficDocument,
  settings: object = { threads: 1 },
): ModelDocument {
  return modelOf({ q: { kind: "service", ...settings, ops } }, traffic);
}

describe("truth: arrivals", () => {
  it("bursts come at their mean rate", () => {
    // Two states, 0.3 and 1.5 a millisecond, 20 ms and 5 ms long: the mean number is the mean rate.
    const model = queue(
      { serve: [{ do: "wait", time: exponential("10ms") }] },
      {
        to: "q",
        rate: {
          states: [
            { rate: "300rps", for: "20ms" },
            { rate: "1500rps", for: "5ms" },
          ],
        },
        mix: { serve: 1 },
      },
      {},
    );
    const found = intervals(model, { untilMs: 400 * second, warmupMs: second, seed: 101 }, (value) => ({
      rate: value("traffic.rate"),
      inside: value("traffic.inside"),
    }));
    const mean = (300 * 20 + 1500 * 5) / 25;
    agrees(found.rate, mean, "rate");
    agrees(found.inside, mean / 100, "inside");
  });

  it("bursts queue as the quasi-birth-death process of MMPP/M/1 does", () => {
    // States 0 and 1: arrivals λ, ends σ, services μ = 1 a millisecond. R by iteration (Neuts 1981), L = π₁ (I − R)⁻² e.
    const [lambda, sigma, mu] = [[0.4, 1.2], [0.05, 0.1], 1];
    const wait = mmppM1Sojourn(lambda as [number, number], sigma as [number, number], mu as number);
    const model = queue(
      { serve: cpu(exponential("1ms")) },
      {
        to: "q",
        rate: {
          states: [
            { rate: "400rps", for: "20ms" },
            { rate: "1200rps", for: "10ms" },
          ],
        },
        mix: { serve: 1 },
      },
    );
    const found = intervals(model, { untilMs: 1_600 * second, warmupMs: second, seed: 102 }, (value) => ({
      sojourn: value("q.latency.mean"),
    }));
    agrees(found.sojourn, wait, "sojourn");
  });

  it("batches wait for each other: M^X/M/1", () => {
    // A batch of fixed size b: mean sojourn (1 + b) / (2 μ (1 − ρ)); geometric of mean m: m / (μ (1 − ρ)).
    for (const [batch, factor, seed] of [
      [3, 2, 103],
      [{ mean: 3 }, 3, 104],
    ] as const) {
      const model = queue({ serve: cpu(exponential("1ms")) }, { to: "q", rate: "200rps", batch, mix: { serve: 1 } });
      const found = intervals(model, { untilMs: 1_500 * second, warmupMs: second, seed }, (value) => ({
        sojourn: value("q.latency.mean"),
      }));
      agrees(found.sojourn, factor / 0.4, `sojourn with ${JSON.stringify(batch)}`);
    }
  });

  it("sessions are an open network with feedback: Jackson", () => {
    // Each session makes 4 requests on average: λ = 175 × 4 at M/M/1 of 1 ms.
    const model = queue(
      { serve: cpu(exponential("1ms")) },
      { to: "q", sessions: "175rps", requests: 4, think: exponential("30ms"), mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 900 * second, warmupMs: second, seed: 105 }, (value) => ({
      rate: value("traffic.rate"),
      sojourn: value("q.latency.mean"),
    }));
    agrees(found.rate, 700, "rate");
    agrees(found.sojourn, 1 / 0.3, "sojourn");
  });

  it("a trace replays its arrivals, their operations and its repetition to the last", () => {
    const model = queue(
      { fast: cpu("1ms"), slow: cpu("5ms") },
      {
        to: "q",
        rate: { unit: "ms", times: [0, 2, 3, 20], ops: ["fast", "slow", "fast", "slow"], repeat: "50ms" },
        mix: { fast: 1, slow: 1 },
      },
    );
    const found = intervals(model, { untilMs: 1_000, warmupMs: 0, seed: 1 }, (value) => ({
      fast: value("q.fast.latency.mean"),
      slow: value("q.slow.latency.mean"),
      rate: value("traffic.rate"),
    }));
    // 0: fast to 1. 2: slow to 7. 3: fast waits until 7, to 8. 20: slow to 25.
    assert.deepEqual([found.fast.mean, found.slow.mean, found.rate.mean], [(1 + 5) / 2, 5, 80]);
  });
});

describe("truth: classes", () => {
  const classes = (settings: object): ModelDocument =>
    queue(
      { a: cpu(exponential("1ms")), b: cpu("2ms"), c: cpu({ dist: "erlang", shape: 2, mean: "1.5ms" }) },
      {
        classes: {
          gold: { to: "q", rate: "200rps", mix: { a: 1 }, priority: 2 },
          silver: { to: "q", rate: "150rps", mix: { b: 1 }, priority: 1 },
          free: { to: "q", rate: "150rps", mix: { c: 1 } },
        },
      },
      settings,
    );
  const loads = [
    { rate: 0.2, mean: 1, scv: 1 },
    { rate: 0.15, mean: 2, scv: 0 },
    { rate: 0.15, mean: 1.5, scv: 0.5 },
  ];

  it("M/G/1 by priority, none interrupted, waits as Cobham says", () => {
    const found = intervals(
      classes({ threads: 1, queue: { order: "priority" } }),
      { untilMs: 900 * second, warmupMs: second, seed: 111 },
      (value) => ({ gold: value("q.a.wait.mean"), silver: value("q.b.wait.mean"), free: value("q.c.wait.mean") }),
    );
    const [gold, silver, free] = cobham(loads);
    agrees(found.gold, gold!, "gold");
    agrees(found.silver, silver!, "silver");
    agrees(found.free, free!, "free");
  });

  it("M/G/1 by priority where the higher interrupts, and the work goes on later", () => {
    const found = intervals(
      classes({ cores: 1, scheduling: "priority" }),
      { untilMs: 1_200 * second, warmupMs: second, seed: 112 },
      (value) => ({
        gold: value("traffic.gold.latency.mean"),
        silver: value("traffic.silver.latency.mean"),
        free: value("traffic.free.latency.mean"),
      }),
    );
    // T_k = S_k / (1 − σ_(k−1)) + Σ_(i≤k) λ_i E[S_i²] / (2 (1 − σ_(k−1)) (1 − σ_k)).
    let residual = 0;
    let before = 0;
    const expected = loads.map(({ rate, mean, scv }) => {
      residual += (rate * mean ** 2 * (1 + scv)) / 2;
      const after = before + rate * mean;
      const sojourn = mean / (1 - before) + residual / ((1 - before) * (1 - after));
      before = after;
      return sojourn;
    });
    agrees(found.gold, expected[0]!, "gold");
    agrees(found.silver, expected[1]!, "silver");
    agrees(found.free, expected[2]!, "free");
  });

  it("fair turns give an overloaded server in proportion to the weights", () => {
    const flow = (rate: string, weight: number) => ({
      to: "q",
      rate,
      arrivals: "regular" as const,
      mix: { serve: 1 },
      weight,
    });
    const model = queue(
      { serve: cpu("1ms") },
      { classes: { two: flow("900rps", 2), one: flow("900rps", 1), light: flow("100rps", 1) } },
      { threads: 1, queue: { order: "fair" } },
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: 10 * second, seed: 113 }, (value) => ({
      two: value("traffic.two.rate"),
      one: value("traffic.one.rate"),
      light: value("traffic.light.rate"),
      wait: value("traffic.light.latency.mean"),
    }));
    agrees(found.light, 100, "light");
    agrees(found.two, 600, "two");
    agrees(found.one, 300, "one");
    // Who asks for less than its share is hardly kept waiting.
    assert.ok(found.wait.mean < 10, `${found.wait.mean} ms`);
  });

  it("closed and open classes live side by side, each at its own rate", () => {
    const model = modelOf(
      {
        q: { kind: "service", threads: 1, ops: { serve: cpu(exponential("5ms")) } },
        r: { kind: "service", threads: 8, ops: { serve: cpu(exponential("1ms")) } },
      },
      {
        classes: {
          staff: { to: "q", users: 5, think: exponential("20ms"), mix: { serve: 1 } },
          public: { to: "r", rate: "5600rps", mix: { serve: 1 } },
        },
      },
    );
    const found = intervals(model, { untilMs: 300 * second, warmupMs: second, seed: 114 }, (value) => ({
      staff: value("traffic.staff.rate") / 1000,
      public: value("traffic.public.serve.latency.mean"),
    }));
    agrees(found.staff, meanValueAnalysis([5], 20, 5).throughput, "staff");
    agrees(found.public, 1 + erlangC(8, 5.6) / 2.4, "public");
  });
});

/** Mean sojourn of MMPP/M/1 with two states. */
function mmppM1Sojourn(lambda: [number, number], sigma: [number, number], mu: number): number {
  type Matrix = [number, number, number, number];
  const times = ([a, b, c, d]: Matrix, [e, f, g, h]: Matrix): Matrix => [
    a * e + b * g,
    a * f + b * h,
    c * e + d * g,
    c * f + d * h,
  ];
  const plus = (a: Matrix, b: Matrix): Matrix => a.map((x, i) => x + b[i]!) as Matrix;
  const inverse = ([a, b, c, d]: Matrix): Matrix => {
    const det = a * d - b * c;
    return [d / det, -b / det, -c / det, a / det];
  };
  const up: Matrix = [lambda[0], 0, 0, lambda[1]];
  const down: Matrix = [mu, 0, 0, mu];
  const local: Matrix = [-lambda[0] - mu - sigma[0], sigma[0], sigma[1], -lambda[1] - mu - sigma[1]];
  const minus = inverse(local).map((x) => -x) as Matrix;
  let r: Matrix = [0, 0, 0, 0];
  for (let i = 0; i < 100_000; i++) r = times(plus(up, times(times(r, r), down)), minus);
  // π₀ from π₀ (B + R A₂) = 0 and π₀ (I − R)⁻¹ e = 1, with B the states where nobody is there.
  const empty: Matrix = [-lambda[0] - sigma[0], sigma[0], sigma[1], -lambda[1] - sigma[1]];
  const [a, , c] = plus(empty, times(r, down));
  const pi: [number, number] = [-c, a];
  const n = inverse([1 - r[0], -r[1], -r[2], 1 - r[3]]);
  const mass = pi[0] * (n[0] + n[1]) + pi[1] * (n[2] + n[3]);
  // L = π₀ R (I − R)⁻² e.
  const m = times(r, times(n, n));
  const length = (pi[0] * (m[0] + m[1]) + pi[1] * (m[2] + m[3])) / mass;
  const rate = (lambda[0] * sigma[1] + lambda[1] * sigma[0]) / (sigma[0] + sigma[1]);
  return length / rate;
}
