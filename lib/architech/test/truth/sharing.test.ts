import type { ModelDocument } from "#src/model/document.js";
import type { Scheduling } from "#src/model/service-document.js";
import type { TimeDocument } from "#src/model/time-document.js";
import { erlangC, shortestRemainingSojourn } from "./closed-forms.js";
import { agrees, exponential, intervals, modelOf } from "./replications.js";

const second = 1_000;

function shared(scheduling: Scheduling, cores: number, rate: string, ops: Record<string, TimeDocument>): ModelDocument {
  return modelOf(
    {
      q: {
        kind: "service",
        cores,
        scheduling,
        ops: Object.fromEntries(Object.entries(ops).map(([op, time]) => [op, [{ do: "cpu", time }]])),
      },
    },
    { to: "q", rate, mix: Object.fromEntries(Object.keys(ops).map((op) => [op, 1])) },
  );
}

describe("truth: shared cores", () => {
  it("M/G/1 processor sharing takes x / (1 − ρ) for what takes x alone", () => {
    // Half take 0.5 ms, half are exponential of 1.5 ms; 0.7 a millisecond: ρ = 0.7.
    const model = shared("ps", 1, "700rps", { short: "0.5ms", long: exponential("1.5ms") });
    const found = intervals(model, { untilMs: 1_200 * second, warmupMs: 2 * second, seed: 51 }, (value) => ({
      short: value("q.short.latency.mean"),
      long: value("q.long.latency.mean"),
      util: value("q.cores.util"),
    }));
    agrees(found.short, 0.5 / 0.3, "short");
    agrees(found.long, 1.5 / 0.3, "long");
    agrees(found.util, 0.7, "util");
  });

  it("M/M/c processor sharing has the mean sojourn of M/M/c", () => {
    const found = intervals(
      shared("ps", 3, "2400rps", { serve: exponential("1ms") }),
      { untilMs: 300 * second, warmupMs: second, seed: 52 },
      (value) => ({ sojourn: value("q.latency.mean"), util: value("q.cores.util") }),
    );
    agrees(found.sojourn, 1 + erlangC(3, 2.4) / (3 - 2.4), "sojourn");
    agrees(found.util, 0.8, "util");
  });

  it("M/M/1 with the shortest remaining first agrees with Schrage and Miller", () => {
    const found = intervals(
      shared("srpt", 1, "800rps", { serve: exponential("1ms") }),
      { untilMs: 900 * second, warmupMs: 2 * second, seed: 53 },
      (value) => ({ sojourn: value("q.latency.mean"), util: value("q.cores.util") }),
    );
    agrees(found.sojourn, shortestRemainingSojourn(0.8, 1), "sojourn");
    agrees(found.util, 0.8, "util");
  });
});
