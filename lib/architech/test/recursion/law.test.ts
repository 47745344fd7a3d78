import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import { metricsOf } from "#src/model/metrics.js";
import { validate } from "#src/model/validate.js";
import { mustBeRecursion } from "#src/simulation/recursion.js";
import { simulate } from "#src/simulation/simulate.js";
import type { SeriesRows, TaskResult } from "#src/simulation/task.js";
import { ways } from "./random-ways.js";

const untilMs = 4_000;

interface Everything {
  readonly rows: SeriesRows;
  readonly result: TaskResult;
}

function everything(model: ModelDocument, warmupMs: number | "auto", method?: "recursion"): Everything {
  const bounds = { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 };
  const options = { untilMs, warmupMs, everyMs: 90, bounds, ...(method === undefined ? {} : { method }) };
  const simulation = simulate({ model, options, seed: 3, replication: 1 });
  const rows = simulation.advance(Number.POSITIVE_INFINITY);
  return { rows, result: simulation.result() };
}

/** Sums of the same numbers in another order differ in their last places. */
function same(actual: number, expected: number, scale: number, what: string): void {
  if (Number.isNaN(actual) && Number.isNaN(expected)) return;
  const allowed = 1e-9 * Math.max(scale, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= allowed, `${what} is ${actual}, by events ${expected}`);
}

describe("a recursion gives what events give: every metric, interval and bucket, but for the last places,", function () {
  this.timeout(120_000);

  for (const warmupMs of [500, "auto"] as const)
    it(`on 150 random models, warmup ${warmupMs}`, () => {
      const seen = { waiting: 0, rejected: 0, saturated: 0 };
      fc.assert(
        fc.property(ways, (document) => {
          const model = validate(document);
          const { sameDraws } = mustBeRecursion(model);
          assert.ok(sameDraws);
          const events = everything(model, warmupMs);
          const recursion = everything(model, warmupMs, "recursion");
          for (const [i, { name }] of metricsOf(model).entries()) {
            same(recursion.result.summary[i]!, events.result.summary[i]!, 1e-3, name);
            if (name.endsWith("depth.max") && events.result.summary[i]! > 0) seen.waiting++;
            if (name.endsWith("rejected") && events.result.summary[i]! > 0) seen.rejected++;
          }
          assert.equal(recursion.result.warmupMs, events.result.warmupMs);
          assert.equal(recursion.result.inside, events.result.inside);
          assert.deepEqual(recursion.result.saturated, events.result.saturated);
          assert.deepEqual(recursion.result.histogram, events.result.histogram);
          seen.saturated += events.result.saturated.length;
          for (const [column, values] of Object.entries(events.rows)) {
            const others = recursion.rows[column as keyof SeriesRows];
            assert.equal(others.length, values.length);
            for (let i = 0; i < values.length; i++) same(others[i]!, values[i]!, 1e-3, `${column} of row ${i}`);
          }
        }),
        { seed: 11, numRuns: 150, endOnFailure: true },
      );
      for (const [what, count] of Object.entries(seen)) assert.ok(count > 10, `${what}: ${count}`);
    });
});
