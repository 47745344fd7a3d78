import assert from "node:assert/strict";
import fc from "fast-check";
import { joinSeries } from "#src/experiment/stream-tables.js";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";
import { startPartThreads } from "#src/run/part-threads.js";
import { type SimulateOptions, simulate } from "#src/simulation/simulate.js";
import type { SeriesRows, Simulation, Task, TaskCheckpoint } from "#src/simulation/task.js";
import { anyModel } from "../laws/random-model.js";
import { spread } from "./spread.js";
import { twoZones } from "./two-zones.js";

const untilMs = 100;
const bounds = { maxEvents: 200_000, maxWallMs: 60_000, maxInside: 50_000 };
const here = { most: 3, ifItPays: false };
const threads = { ...here, start: startPartThreads };
type Parts = NonNullable<SimulateOptions["parts"]>;

function taskOf(model: ModelDocument, warmupMs: number | "auto", everyMs = 5): Task {
  return { model: validate(model), options: { untilMs, warmupMs, everyMs, bounds }, seed: 3, replication: 1 };
}

/** All that a task gives. */
function all(simulation: Simulation, before: readonly SeriesRows[] = []): unknown {
  const rows = joinSeries([...before, simulation.advance(Number.POSITIVE_INFINITY)]);
  const { value: _, ...result } = simulation.result();
  simulation.close?.();
  return { rows, result, summary: result.summary };
}

/** The same of one in parts, going on elsewhere at each of these times: with the next of `wanted`, if there is one. */
function interrupted(task: Task, times: readonly number[], wanted: readonly (Parts | undefined)[]) {
  const kinds: number[] = [];
  const before: SeriesRows[] = [];
  const next = [...wanted];
  let simulation = simulate(task, { parts: next.shift()! });
  for (const time of times) {
    before.push(simulation.advance(time));
    const checkpoint = simulation.checkpoint?.();
    if (checkpoint === undefined) continue;
    kinds.push(checkpoint.parts ?? 0);
    const from: TaskCheckpoint = structuredClone(checkpoint);
    // The one that is left does what it likes.
    simulation.advance(time + 3);
    simulation.close?.();
    const parts = next.shift();
    simulation = simulate(task, { from, ...(parts === undefined ? {} : { parts }) });
  }
  return { given: all(simulation, before), kinds };
}

/** Models that were gone on with in parts, and as one begun anew. */
function lawHolds(numRuns: number, wanted: readonly (Parts | undefined)[]): { parted: number; anew: number } {
  const counts = { parted: 0, anew: 0 };
  const times = fc.array(fc.double({ min: 0, max: untilMs, noNaN: true }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(spread(anyModel), fc.constantFrom("auto" as const, 0, 30), times, (model, warmupMs, some) => {
      const task = taskOf(model, warmupMs);
      const uninterrupted = all(simulate(task)) as { result: { stopped?: unknown } };
      fc.pre(uninterrupted.result.stopped === undefined);
      const sorted = some.toSorted((a, b) => a - b);
      const { given, kinds } = interrupted(task, sorted, wanted);
      assert.deepEqual(given, uninterrupted);
      if (kinds.some((kind) => kind > 1)) counts.parted++;
      if (kinds.includes(1)) counts.anew++;
    }),
    { seed: 7, numRuns, endOnFailure: true },
  );
  return counts;
}

describe("a checkpoint of a task in parts", function () {
  this.timeout(240_000);

  it("goes on as if there had been none, bit for bit, whatever the model and the moments", () => {
    const { parted } = lawHolds(150, [here, here, undefined]);
    assert.ok(parted > 100, `${parted} were gone on with in parts`);
  });

  it("lets all parts come to one moment first, where they were stopped on the way to the end of an interval", () => {
    const options = {
      untilMs: 2_000,
      warmupMs: "auto",
      everyMs: 1_000,
      bounds: { ...bounds, maxEvents: 1e9 },
    } as const;
    const task: Task = { model: twoZones("5000rps"), options, seed: 3, replication: 0 };
    const uninterrupted = all(simulate(task));
    for (const parts of [here, threads]) {
      const before: SeriesRows[] = [];
      const moments: number[] = [];
      let simulation = simulate(task, { parts });
      for (;;) {
        // One look at the clock, after some thousand events.
        before.push(simulation.advance(Number.POSITIVE_INFINITY, 1e-6));
        if (simulation.done) break;
        const from = structuredClone(simulation.checkpoint!()!);
        simulation.close?.();
        moments.push(simulation.nowMs);
        simulation = simulate(task, { from, parts });
      }
      assert.deepEqual(all(simulation, before), uninterrupted);
      assert.ok(moments.filter((ms) => ms % 1_000 !== 0).length > 5, moments.join());
    }
  });

  it("goes on in threads, and from threads", () => {
    const { parted } = lawHolds(40, [threads, here, threads]);
    assert.ok(parted > 20, `${parted} were gone on with in parts`);
  });

  it("is of one begun anew too, which leaves out the rows that were handed out", () => {
    // At 55 ms both are answered.
    const service = { kind: "service" as const, ops: { look: [{ do: "wait" as const, time: "1ms" }] } };
    const serve = (to: string) => [{ do: "call" as const, to, op: "look" }];
    const flow = (op: string, times: number[]) => ({
      to: "front",
      mix: { [op]: 1 },
      rate: { unit: "ms" as const, times },
    });
    const tied = validate({
      architech: 1,
      nodes: {
        front: { kind: "service", ops: { one: serve("left"), other: serve("right") } },
        left: service,
        right: service,
      },
      network: {
        zones: { a: { nodes: ["front"] }, b: { nodes: ["left"] }, c: { nodes: ["right"] } },
        latency: { world: "2ms" },
      },
      traffic: { classes: { a: flow("one", [10, 50]), b: flow("other", [20, 50]) } },
    } as ModelDocument);
    const task = taskOf(tied, 0, 1);
    const before: SeriesRows[] = [];
    const kinds: number[] = [];
    let simulation = simulate(task, { parts: here });
    for (;;) {
      before.push(simulation.advance(Number.POSITIVE_INFINITY, 1e-6));
      if (simulation.done) break;
      const from = structuredClone(simulation.checkpoint!()!);
      kinds.push(from.parts ?? 0);
      simulation = simulate(task, { from, parts: here });
    }
    assert.deepEqual(all(simulation, before), all(simulate(task)));
    assert.deepEqual([...new Set(kinds)], [2, 1, 0]);
  });

  it("is refused where it is of another cut, or cut off", () => {
    const task = taskOf(twoZones(), "auto");
    const simulation = simulate(task, { parts: here });
    simulation.advance(50);
    const from = simulation.checkpoint!()!;
    assert.equal(from.parts, 2);
    const refusal = { code: "checkpoint-refused" };
    for (const wrong of [
      { parts: 3 },
      { memory: from.memory.slice(0, 100) },
      { notes: from.notes.slice(0, -1) },
      { notes: from.notes.slice(0, 3) },
    ])
      assert.throws(() => simulate(task, { from: { ...from, ...wrong } }), refusal);
  });
});
