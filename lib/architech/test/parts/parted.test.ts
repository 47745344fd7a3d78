import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";
import { startPartThreads } from "#src/run/part-threads.js";
import { simulate } from "#src/simulation/simulate.js";
import type { Task } from "#src/simulation/task.js";
import { everything, sameInParts } from "./everything.js";
import { twoZones } from "./two-zones.js";

const always = { most: 2, ifItPays: false };
const threads = { ...always, start: startPartThreads };

/** Two calls at once, into other zones, that are answered at the same moment. */
function tied(second: "left" | "right"): ModelDocument {
  return validate({
    architech: 1,
    nodes: {
      front: {
        kind: "service",
        ops: {
          serve: [
            {
              do: "parallel",
              branches: [[{ do: "call", to: "left", op: "look" }], [{ do: "call", to: second, op: "look" }]],
            },
          ],
        },
      },
      left: { kind: "service", ops: { look: [{ do: "wait", time: "1ms" }] } },
      right: { kind: "service", ops: { look: [{ do: "wait", time: "1ms" }] } },
    },
    network: {
      zones: { a: { nodes: ["front"] }, b: { nodes: ["left"] }, c: { nodes: ["right"] } },
      latency: { world: "2ms" },
    },
    traffic: { to: "front", rate: "100rps", mix: { serve: 1 } },
  });
}

describe("a simulation in parts", () => {
  it("says how it was cut, and in how many windows it was simulated", () => {
    const { count, lookaheadMs, windows, why } = sameInParts(twoZones(), { untilMs: 2000 }, always);
    assert.deepEqual([count, lookaheadMs], [2, 5]);
    assert.ok(windows! > 200 && windows! < 800, `${windows} windows of 5 ms and less`);
    assert.match(why, /front \| back, db/);
  });

  it("goes on as one where two parts do something at the same moment, and says when", () => {
    const { count, why } = sameInParts(tied("right"), { warmupMs: 0 }, { ...always, most: 3 });
    assert.equal(count, 1);
    assert.match(why, /^at 0\.0\d+ s of simulated time two parts do something at the same moment/);
  });

  it("knows the order of what comes from one part at the same moment", () => {
    assert.equal(sameInParts(tied("left"), { warmupMs: 0 }, always).count, 2);
  });

  it("stays one where too little happens in a window, as expected or as seen", () => {
    const rare = everything(twoZones("50rps", "0.2ms"), {}, { parts: { most: 2, ifItPays: true } });
    assert.equal(rare.parts!.count, 1);
    assert.match(rare.parts!.why, /events are expected .* too few to wait for each other/);
    // Of a trace that says nothing more after its first burst.
    const model = twoZones();
    const times = Array.from({ length: 40_000 }, (_, i) => i / 1000);
    const traffic = { to: "front", mix: { serve: 1 }, rate: { unit: "ms" as const, times: [...times, 1e5] } };
    const late = validate({ ...model, traffic });
    const seen = everything(late, { untilMs: 90_000, everyMs: 10_000 }, { parts: { most: 2, ifItPays: true } });
    assert.deepEqual(seen.result, everything(late, { untilMs: 90_000, everyMs: 10_000 }).result);
  });

  it("stops at the bounds, with all that happened up to one moment", () => {
    const untilMs = 10_000;
    for (const parts of [always, threads]) {
      const bounds = { maxEvents: 20_000, maxWallMs: 60_000, maxInside: 50_000 };
      const { result } = everything(twoZones(), { untilMs, bounds }, { parts });
      assert.equal(result.stopped?.bound, "maxEvents");
      assert.ok(result.events >= 20_000 && result.events < 22_000, `${result.events} events`);
      const one = everything(twoZones(), { untilMs: result.reachedMs, everyMs: 1000 });
      assert.equal(result.inside, one.result.inside);
      assert.deepEqual(result.summary, one.result.summary);
    }
  });

  it("stops when too much is inside, in all parts together", () => {
    const bounds = { maxEvents: 1e9, maxWallMs: 60_000, maxInside: 300 };
    const flood = twoZones("20000rps");
    for (const parts of [always, threads])
      assert.equal(everything(flood, { untilMs: 1000, bounds }, { parts }).result.stopped?.bound, "maxInside");
  });

  it("stops when it has taken too long, also while it waits for another thread", () => {
    const bounds = { maxEvents: 1e9, maxWallMs: 200, maxInside: 1e6 };
    const options = { untilMs: 1e7, everyMs: 1e6, warmupMs: 0, bounds };
    for (const parts of [always, threads]) {
      const task: Task = { model: twoZones("2000rps"), options, seed: 1, replication: 0 };
      const simulation = simulate(task, { parts });
      simulation.advance(Number.POSITIVE_INFINITY);
      const result = simulation.result();
      simulation.close?.();
      assert.equal(result.stopped?.bound, "maxWallMs");
      assert.ok(result.reachedMs > 0 && result.reachedMs < 1e7);
    }
  });

  it("can be left in the middle, and its threads work on the next", () => {
    const task: Task = {
      model: twoZones(),
      options: { untilMs: 1e6, warmupMs: 0, everyMs: 1e5, bounds: { maxEvents: 1e9, maxWallMs: 1e6, maxInside: 1e6 } },
      seed: 1,
      replication: 0,
    };
    const left = simulate(task, { parts: threads });
    left.advance(500);
    left.close?.();
    sameInParts(twoZones(), { untilMs: 300 }, threads);
  });
});
