import assert from "node:assert/strict";
import fc from "fast-check";
import { ScriptCore } from "#src/engine/script-core.js";
import { PartsHere } from "#src/parts/parts-here.js";
import { startPartThreads } from "#src/run/part-threads.js";
import { machineOfPart, type PartsWanted } from "#src/simulation/parts-wanted.js";
import { anyModel } from "../laws/random-model.js";
import { everything, sameInParts } from "./everything.js";
import { spread } from "./spread.js";

const warmups = fc.constantFrom("auto" as const, 0, 30);
const most = fc.integer({ min: 2, max: 4 });

/** How many models were simulated in parts to their end, and how many of those in parts that call each other. */
function lawHolds(numRuns: number, wanted: Omit<PartsWanted, "most" | "ifItPays">): { parts: number; linked: number } {
  const counts = { parts: 0, linked: 0 };
  fc.assert(
    fc.property(spread(anyModel), warmups, most, (model, warmupMs, most) => {
      // A bound is looked at where windows end, not at each event.
      fc.pre(everything(model, { warmupMs }).result.stopped === undefined);
      const { count, lookaheadMs } = sameInParts(model, { warmupMs }, { most, ifItPays: false, ...wanted });
      if (count === 1) return;
      counts.parts++;
      if (lookaheadMs !== undefined) counts.linked++;
    }),
    { seed: 7, numRuns, endOnFailure: true },
  );
  return counts;
}

describe("a model simulated in parts gives what it gives as one, every number of it, bit for bit,", function () {
  this.timeout(600_000);

  it("on 500 random models", () => {
    const { parts, linked } = lawHolds(500, {});
    assert.ok(parts > 450, `${parts} were simulated in parts to their end`);
    assert.ok(linked > 250, `${linked} in parts that call each other`);
  });

  it("where the engine is JavaScript whose memory may move", () => {
    const { linked } = lawHolds(150, {
      start: (task, cut, compiled) => {
        const observed = Array.from({ length: cut.parts }, (): number[] => []);
        const machines = observed.map((latencies, part) =>
          machineOfPart(task, part, compiled, latencies, (image) => new ScriptCore(image, true)),
        );
        return new PartsHere(machines, cut.latencies, observed, task.options.bounds.maxInside);
      },
    });
    assert.ok(linked > 60, `${linked} in parts that call each other`);
  });

  it("in threads of their own", () => {
    const { linked } = lawHolds(100, { start: (task, cut, compiled) => startPartThreads(task, cut, compiled) });
    assert.ok(linked > 40, `${linked} in parts that call each other`);
  });

  it("in threads that have room for one message in a window", () => {
    const { linked } = lawHolds(60, {
      start: (task, cut, compiled) => startPartThreads(task, cut, compiled, undefined, 1),
    });
    assert.ok(linked > 25, `${linked} in parts that call each other`);
  });
});
