import assert from "node:assert/strict";
import fc from "fast-check";

import { simulate } from "#src/simulation/simulate.js";
import { decided } from "./decided.js";
import { anyModel } from "./random-model.js";

const bounds = { maxEvents: 300_000, maxWallMs: 60_000, maxInside: 50_000 };

describe("a summary alone", () => {
  it("without series and histograms is the summary, bit for bit", () => {
    fc.assert(
      fc.property(anyModel, fc.constantFrom("auto" as const, 0, 30), (model, warmupMs) => {
        const options = { untilMs: 100, warmupMs, everyMs: 25, bounds };
        const task = { model: decided(model), options, seed: 3, replication: 0 };
        const whole = simulate(task);
        whole.advance(Number.POSITIVE_INFINITY);
        const short = simulate(task, { series: false, histogram: false });
        for (let cut = 22; !short.done; cut += 22) short.advance(cut);
        const { histogram: _, value: __, ...expected } = whole.result();
        const { histogram, value, ...found } = short.result();
        assert.deepEqual(
          found.summary.map((_, metric) => value(metric)),
          expected.summary,
        );
        assert.deepEqual(found, expected);
        assert.equal(histogram.page.length, 0);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
