import assert from "node:assert/strict";
import fc from "fast-check";
import { joinSeries } from "#src/experiment/stream-tables.js";
import type { ModelDocument } from "#src/model/document.js";
import { simulate } from "#src/simulation/simulate.js";
import type { SeriesRows, Simulation, Task } from "#src/simulation/task.js";
import { decided } from "./decided.js";
import { anyModel } from "./random-model.js";

const bounds = { maxEvents: 200_000, maxWallMs: 60_000, maxInside: 50_000 };
const untilMs = 100;

function taskOf(document: ModelDocument, warmupMs: number | "auto"): Task {
  return {
    model: decided(document),
    options: { untilMs, warmupMs, everyMs: 5, bounds },
    seed: 3,
    replication: 1,
  };
}

/** All that a task gives. */
function all(simulation: Simulation, before: readonly SeriesRows[] = []): unknown {
  const rows = joinSeries([...before, simulation.advance(Number.POSITIVE_INFINITY)]);
  const { value: _, ...result } = simulation.result();
  return { rows, result, summary: result.summary };
}

/** The same, with the task going on elsewhere at each of these times. */
function interrupted(task: Task, times: readonly number[]): { readonly given: unknown; readonly moves: number } {
  let simulation = simulate(task);
  const before: SeriesRows[] = [];
  let moves = 0;
  for (const time of times) {
    before.push(simulation.advance(time));
    const checkpoint = simulation.checkpoint?.();
    if (checkpoint === undefined) continue;
    moves++;
    const { memory, notes } = checkpoint;
    // Whoever goes on has nothing but numbers.
    const from = { memory: memory.slice(), notes: notes.slice() };
    // The one that is left does what it likes.
    simulation.advance(time + 3);
    simulation = simulate(task, { from });
  }
  return { given: all(simulation, before), moves };
}

describe("a checkpoint", function () {
  this.timeout(240_000);

  it("goes on as if there had been none, bit for bit, whatever the model and the moments", () => {
    let moves = 0;
    const times = fc.array(fc.double({ min: 0, max: untilMs, noNaN: true }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyModel, fc.constantFrom("auto" as const, 0, 30), times, (model, warmupMs, some) => {
        const task = taskOf(model, warmupMs);
        const uninterrupted = all(simulate(task));
        const found = interrupted(
          task,
          some.toSorted((a, b) => a - b),
        );
        moves += found.moves;
        assert.deepEqual(found.given, uninterrupted);
      }),
      { seed: 7, numRuns: 300 },
    );
    assert.ok(moves > 300, `${moves} checkpoints were gone on from`);
  });
});
