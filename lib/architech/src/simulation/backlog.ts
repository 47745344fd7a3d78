import type { MachineState } from "../engine/machine-state.js";
import { meterField, meterStride } from "../engine/meter-places.js";
import type { Notes } from "../engine/notes.js";
import type { Layout, NodeLayout } from "./layout.js";

interface Mark {
  readonly atMs: number;
  readonly waiting: Float64Array;
  readonly passed: Float64Array;
}

const nothing = new Float64Array(0);

/** What waited at each node, and what had come and gone, at marks along the run. */
export class Backlog {
  readonly #machine: MachineState;
  readonly #layout: Layout;
  #marks: Mark[] = [];

  constructor(machine: MachineState, layout: Layout) {
    this.#machine = machine;
    this.#layout = layout;
  }

  /** Notes the state at `atMs`. */
  mark(atMs: number): void {
    const { nodes } = this.#layout;
    const waiting = Float64Array.from(nodes, (node) => this.#waiting(node));
    const passed = Float64Array.from(nodes, (node) => this.#passed(node));
    this.#marks.push({ atMs, waiting, passed });
  }

  /** Writes the marks down, or goes on with them. */
  keep(notes: Notes): void {
    this.#marks = notes.list(this.#marks, (mark) => ({
      atMs: notes.number(mark?.atMs ?? 0),
      waiting: notes.doubles(mark?.waiting ?? nothing),
      passed: notes.doubles(mark?.passed ?? nothing),
    }));
  }

  /**
   * Nodes whose backlog was still growing. Over the second half it must have grown by four times what chance makes
   * of it at most: with as many arrivals and departures at the very limit of capacity it would be a random walk,
   * whose standard deviation is the root of their number. And it must have grown in both quarters.
   */
  growing(): string[] {
    const last = this.#marks.at(-1);
    if (last === undefined) return [];
    const half = this.#nearest(last.atMs / 2);
    const late = this.#nearest(last.atMs * 0.75);
    return this.#layout.nodes.flatMap(({ name }, i) => {
      const growth = last.waiting[i]! - half.waiting[i]!;
      const chance = Math.sqrt(last.passed[i]! - half.passed[i]!);
      const steady = last.waiting[i]! > late.waiting[i]! && late.waiting[i]! > half.waiting[i]!;
      return steady && growth > 10 && growth > 4 * chance ? [name] : [];
    });
  }

  #nearest(atMs: number): { readonly waiting: Float64Array; readonly passed: Float64Array } {
    return this.#marks.reduce((best, mark) => (Math.abs(mark.atMs - atMs) < Math.abs(best.atMs - atMs) ? mark : best));
  }

  #waiting(node: NodeLayout): number {
    const depths =
      node.channel === undefined ? [node.depth] : [...node.channel.groups.values()].map(({ depth }) => depth);
    return depths.reduce((sum, depth) => sum + (depth < 0 ? 0 : this.#machine.depths[2 * depth]!), 0);
  }

  #passed(node: NodeLayout): number {
    let passed = 0;
    for (const meter of node.meters) {
      for (const field of [meterField.arrivals, meterField.done, meterField.errors])
        passed += this.#machine.meters[meter * meterStride + field]!;
    }
    return passed;
  }
}
