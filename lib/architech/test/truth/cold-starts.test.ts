import assert from "node:assert/strict";
import fc from "fast-check";
import { Machine } from "#src/engine/machine.js";
import { meterField } from "#src/engine/meter-places.js";
import type { ModelDocument } from "#src/model/document.js";
import type { ServiceDocument } from "#src/model/service-document.js";
import { validate } from "#src/model/validate.js";
import { compile } from "#src/simulation/compile.js";
import { erlangB } from "./closed-forms.js";
import { agrees, exponential, intervals, modelOf, near } from "./replications.js";

/** A function of so many instances at most. */
const lambda = (
  settings: Pick<ServiceDocument, "threads" | "coldStart" | "queue">,
  time: object | string,
  traffic: object,
): ModelDocument =>
  modelOf(
    { fn: { kind: "service", ...settings, ops: { run: [{ do: "cpu", time }] } } } as ModelDocument["nodes"],
    { to: "fn", mix: { run: 1 }, ...traffic } as unknown as ModelDocument["traffic"],
  );

describe("truth: cold starts", () => {
  it("of one instance as many start cold as find that it has rested for longer than it may: exp(−λT)", () => {
    const model = lambda(
      { threads: 1, coldStart: { time: "0ms", idle: "20ms" }, queue: { capacity: 0 } },
      exponential("10ms"),
      { rate: "50rps" },
    );
    const found = intervals(model, { untilMs: 600_000, warmupMs: 1_000, seed: 51 }, (value) => ({
      cold: value("fn.cold.ratio"),
      lost: value("fn.rejected") / value("fn.arrivals"),
    }));
    agrees(found.cold, Math.exp(-0.05 * 20), "cold");
    agrees(found.lost, erlangB(1, 0.5), "lost");
  });

  it("where nobody rests for long enough every request is a start, and takes as long more", () => {
    const model = lambda({ threads: 50, coldStart: { time: exponential("40ms"), idle: "0.001ms" } }, "10ms", {
      rate: "20rps",
    });
    const found = intervals(model, { untilMs: 400_000, warmupMs: 1_000, seed: 52 }, (value) => ({
      mean: value("fn.latency.mean"),
      busy: value("fn.util") * 50,
      cold: value("fn.cold.ratio"),
    }));
    agrees(found.mean, 50, "mean");
    // Little.
    agrees(found.busy, 0.02 * 50, "busy");
    near(found.cold.mean, 1, 0.001, "cold");
  });

  it("the one that has rested for the shortest time works next, request by request as a list of those at rest has it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 80, maxLength: 80 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 100, max: 2500 }),
        (gaps, threads, idle) => {
          let now = 0;
          const times = gaps.map((gap) => (now += gap / 100) + 1e-4);
          const [work, start, idleMs] = [6.00001, 3.000007, idle / 100];
          const model = lambda({ threads, coldStart: { time: `${start}ms`, idle: `${idleMs}ms` } }, `${work}ms`, {
            rate: { unit: "ms", times },
          });
          const { program, layout } = compile(validate(model));
          const machine = new Machine(program, "1/0", 1e6);
          const counter = layout.nodes[0]!.colds;
          // Who is free, since when they rest; who is to come.
          const free = Array.from({ length: threads }, () => 0);
          let resting: number[] = [];
          let cold = 0;
          for (const at of times) {
            free.sort((a, b) => a - b);
            const begin = Math.max(at, free[0]!);
            // Those that have ended since rest; the last of them is the warmest.
            const warm = resting.filter((since) => since <= begin).sort((a, b) => b - a)[0];
            const isWarm = warm !== undefined && warm + idleMs >= begin;
            if (isWarm) resting.splice(resting.indexOf(warm), 1);
            else {
              cold++;
              resting = resting.filter((since) => since > begin);
            }
            free[0] = begin + (isWarm ? 0 : start) + work;
            resting.push(free[0]);
          }
          machine.run(times.at(-1)! + 1e6, 1e6);
          assert.equal(machine.counters[counter], cold);
          assert.equal(machine.counters[counter + 1], times.length - cold);
          const done = machine.meters[meterField.done]!;
          assert.equal(done, times.length);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});
