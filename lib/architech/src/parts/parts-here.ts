import { type Machine, messageInts } from "../engine/machine.js";
import { Part } from "./part.js";
import { type PartState, takeState } from "./part-state.js";
import { actOn, type Parts, type ScalingAct } from "./parts.js";
import { before, Windows } from "./windows.js";

/** The parts of a model in this thread, one after the other in each window: what those in several threads are held against. */
export class PartsHere implements Parts {
  windows = 0;
  now = 0;
  readonly #parts: readonly Part[];
  readonly #windows: Windows;
  readonly #next: Float64Array;
  readonly #observed: readonly number[][];
  readonly #maxInside: number;

  /** `observed`: where each machine puts the latencies that it is handed. */
  constructor(
    machines: readonly Machine[],
    latencies: Float64Array,
    observed: readonly number[][],
    maxInside: number,
  ) {
    this.#parts = machines.map((machine, i) => new Part(i, machine));
    this.#windows = new Windows(machines.length, latencies);
    this.#next = new Float64Array(machines.length);
    this.#observed = observed;
    this.#maxInside = maxInside;
  }

  get events(): number {
    return this.#parts.reduce((sum, { machine }) => sum + machine.events, 0);
  }

  get isFull(): boolean {
    if (this.#parts.some(({ machine }) => machine.halted === "inside")) return true;
    return this.#parts.reduce((sum, { machine }) => sum + machine.inside, 0) > this.#maxInside;
  }

  run(limit: number, budget: number): boolean {
    const most = this.events + budget;
    for (;;) {
      if (this.#next.every((next) => next > limit)) return true;
      if (this.events >= most || this.isFull) return false;
      this.#window(limit, most);
    }
  }

  #window(limit: number, most: number): void {
    const parts = this.#parts;
    const horizons = parts.map(({ index }) => this.#windows.horizon(index, this.#next));
    const sent = parts.map((part, i) => {
      part.run(Math.min(limit, before(horizons[i]!)), Math.max(1, most - this.events));
      return part.machine.takeSent().slice();
    });
    this.windows++;
    for (const part of parts) {
      part.begin();
      sent.forEach((messages, from) => part.take(from, messages, messages.length / messageInts));
      this.#next[part.index] = part.machine.nextTime;
      this.now = Math.max(this.now, part.machine.now);
    }
  }

  states(): readonly PartState[] {
    return this.#parts.map(({ machine }) => takeState(machine));
  }

  act(part: number, act: ScalingAct): void {
    const { machine } = this.#parts[part]!;
    actOn(machine, act);
    this.#next[part] = machine.nextTime;
  }

  sample(site: number): number {
    return this.#parts[0]!.machine.sample(site);
  }

  observed(): readonly (readonly number[])[] {
    return this.#observed.map((latencies) => latencies.splice(0));
  }

  close(): void {}
}
