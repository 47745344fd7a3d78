import assert from "node:assert/strict";
import { metricsOf } from "#src/model/metrics.js";
import type { ProfileDocument } from "#src/model/traffic-document.js";
import { agrees, exponential, intervals, modelOf, run } from "./replications.js";

/** A service without limits under a changing rate: M(t)/M/∞, whose work takes 1 s on average. */
const unlimited = (rate: ProfileDocument, arrivals: "poisson" | "regular" = "poisson") =>
  modelOf(
    { q: { kind: "service", ops: { serve: [{ do: "wait", time: exponential("1s") }] } } },
    { to: "q", rate, arrivals, mix: { serve: 1 } },
  );

describe("truth: load", () => {
  it("a ramp brings as many as its integral, and M(t)/M/∞ follows it one service time behind", () => {
    // λ(t) = 4000 + 800 t per second for 10 s: m(t) = (a − b)(1 − e^(−t)) + b t, with the mean service of 1 s.
    const [a, b, end, from] = [4000, 800, 10, 2];
    const found = intervals(
      unlimited({
        points: [
          { at: "0s", rate: "4000rps" },
          { at: "10s", rate: "12000rps" },
        ],
      }),
      { untilMs: end * 1000, warmupMs: from * 1000, seed: 21 },
      (value) => ({ arrivals: value("traffic.arrivals"), inside: value("traffic.inside") }),
    );
    const m = (t: number): number => (a - b) * (t + Math.exp(-t)) + (b * t * t) / 2;
    agrees(found.inside, (m(end) - m(from)) / (end - from), "inside");
    agrees(found.arrivals, a + (b * (from + end)) / 2, "arrivals");
  });

  it("a day that repeats has the mean of its profile", () => {
    const day: ProfileDocument = {
      points: [
        { at: "0s", rate: "10rps" },
        { at: "2s", rate: "400rps" },
        { at: "3s", rate: "400rps" },
        { at: "5s", rate: "10rps" },
      ],
      repeat: true,
    };
    const found = intervals(unlimited(day), { untilMs: 60_000, warmupMs: 10_000, seed: 22 }, (value) => ({
      arrivals: value("traffic.arrivals"),
      inside: value("traffic.inside"),
    }));
    agrees(found.arrivals, (2 * 205 * 2 + 400) / 5, "arrivals");
    agrees(found.inside, (2 * 205 * 2 + 400) / 5, "inside");
  });

  it("steps stay until the next, and regular arrivals come when one more is due", () => {
    const spike: ProfileDocument = {
      points: [
        { at: "0s", rate: "500rps" },
        { at: "10s", rate: "5000rps" },
        { at: "12s", rate: "500rps" },
      ],
      steps: true,
    };
    const found = intervals(unlimited(spike), { untilMs: 20_000, warmupMs: 0, seed: 23 }, (value) => ({
      arrivals: value("traffic.arrivals"),
    }));
    agrees(found.arrivals, (10 * 500 + 2 * 5000 + 8 * 500) / 20, "arrivals");
    // All of them but for the last, which is due at the very end.
    const { summary } = run(unlimited(spike, "regular"), { untilMs: 20_000, warmupMs: 0, seed: 23 });
    const arrivals = metricsOf(unlimited(spike)).findIndex(({ name }) => name === "traffic.arrivals");
    assert.ok(Math.abs(summary[arrivals]! * 20 - 19_000) <= 1, String(summary[arrivals]! * 20));
  });
});
