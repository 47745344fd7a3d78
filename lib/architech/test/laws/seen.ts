import type { ModelDocument } from "#src/model/document.js";
import { metricsOf } from "#src/model/metrics.js";
import { simulate } from "#src/simulation/simulate.js";
import type { SeriesRows, Task, TaskResult } from "#src/simulation/task.js";

const bounds = { maxEvents: 100_000, maxWallMs: 60_000, maxInside: 20_000 };

/** What a run of a model showed. */
export class Seen {
  /** A valid one. */
  readonly model: ModelDocument;
  readonly untilMs: number;
  readonly result: TaskResult;
  readonly rows: readonly SeriesRows[];
  readonly #places: ReadonlyMap<string, number>;

  /** Advances the run by these lengths in turn, to its end. */
  constructor(model: ModelDocument, untilMs: number, slices: readonly number[] = [Number.POSITIVE_INFINITY]) {
    this.model = model;
    this.untilMs = untilMs;
    const options = { untilMs, warmupMs: 0, everyMs: untilMs / 4, bounds };
    const task: Task = { model, options, seed: 3, replication: 0 };
    const simulation = simulate(task);
    const rows: SeriesRows[] = [];
    for (let i = 0, at = 0; !simulation.done; i++) rows.push(simulation.advance((at += slices[i % slices.length]!)));
    this.rows = rows;
    this.result = simulation.result();
    this.#places = new Map(metricsOf(task.model).map(({ name }, i) => [name, i]));
  }

  get seconds(): number {
    return this.result.reachedMs / 1000;
  }

  readonly value = (metric: string): number => this.result.summary[this.#places.get(metric)!]!;

  /** Everything that the run returned, but how it was cut. */
  bytes(): Buffer {
    const { summary, histogram, warmupMs, reachedMs, events, inside } = this.result;
    const columns = Object.keys(this.rows[0]!) as (keyof SeriesRows)[];
    const parts = [
      ...columns.flatMap((column) => this.rows.map((row) => row[column])),
      ...Object.values(histogram),
      summary,
      Float64Array.of(warmupMs, reachedMs, events, inside),
    ] as (Float64Array | Uint16Array)[];
    return Buffer.concat(
      parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    );
  }
}
