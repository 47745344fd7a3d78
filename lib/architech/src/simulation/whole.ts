import type { RunParts } from "@architech/protocol";
import { packParted } from "./parted-checkpoint.js";
import type { SeriesRows, Simulation, TaskCheckpoint, TaskResult } from "./task.js";

/** A simulation as one, and why. */
export class Whole implements Simulation {
  readonly parts: RunParts;
  readonly #whole: Simulation;
  /** Rows that were handed out by one before it, and to which it has not come again. */
  #rowsOut: number;

  constructor(whole: Simulation, why: string, rowsOut = 0) {
    this.#whole = whole;
    this.parts = { count: 1, why };
    this.#rowsOut = rowsOut;
  }

  get nodes(): readonly string[] {
    return this.#whole.nodes;
  }

  get nowMs(): number {
    return this.#whole.nowMs;
  }

  get done(): boolean {
    return this.#whole.done;
  }

  advance(untilMs: number, sliceMs?: number): SeriesRows {
    const rows = this.#whole.advance(untilMs, sliceMs);
    const known = Math.min(rows.t.length, this.#rowsOut);
    this.#rowsOut -= known;
    return known === 0 ? rows : withoutFirst(rows, known);
  }

  result(): TaskResult {
    return this.#whole.result();
  }

  checkpoint(): TaskCheckpoint | undefined {
    const checkpoint = this.#whole.checkpoint?.();
    return checkpoint === undefined || this.#rowsOut === 0
      ? checkpoint
      : packParted(checkpoint, 1, { rowsOut: this.#rowsOut });
  }
}

function withoutFirst(rows: SeriesRows, count: number): SeriesRows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, column]) => [name, (column as Float64Array).slice(count)]),
  ) as unknown as SeriesRows;
}
