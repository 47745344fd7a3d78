import type { Machine } from "../engine/machine.js";
import { type Exchange, partState } from "./exchange.js";
import { NotParted } from "./part.js";
import { PartRunner } from "./part-runner.js";
import { type PartCheckpoint, type PartState, takeState } from "./part-state.js";
import { actOn, type Parts, type ScalingAct } from "./parts.js";

/** Parts in one thread hand each other what they have. */
class Hand implements Exchange {
  readonly #index: number;
  readonly #given: { report: Float64Array; messages: Int32Array }[];

  constructor(index: number, given: { report: Float64Array; messages: Int32Array }[]) {
    this.#index = index;
    this.#given = given;
  }

  give(report: Float64Array, messages: Int32Array): void {
    this.#given[this.#index] = { report: report.slice(), messages: messages.slice() };
  }

  report(part: number): Float64Array {
    return this.#given[part]!.report;
  }

  messages(part: number): Int32Array {
    return this.#given[part]!.messages;
  }
}

/** The parts of a model in this thread, one after the other in each window: what those in several threads are held against. */
export class PartsHere implements Parts {
  windows = 0;
  readonly #runners: readonly PartRunner[];
  readonly #observed: readonly number[][];

  /** `observed`: where each machine puts the latencies that it is handed. */
  constructor(
    machines: readonly Machine[],
    latencies: Float64Array,
    observed: readonly number[][],
    maxInside: number,
    from?: readonly PartCheckpoint[],
  ) {
    const given: { report: Float64Array; messages: Int32Array }[] = [];
    this.#runners = machines.map((machine, i) => new PartRunner(machine, i, latencies, new Hand(i, given), maxInside));
    this.#observed = observed;
    if (from !== undefined) for (const [i, runner] of this.#runners.entries()) runner.load(from[i]!);
  }

  get events(): number {
    return this.#runners[0]!.events;
  }

  get now(): number {
    return this.#runners[0]!.now;
  }

  get isFull(): boolean {
    return this.#runners[0]!.state === partState.full;
  }

  run(limit: number, budget: number): boolean {
    const runners = this.#runners;
    const [first] = runners as [PartRunner];
    const most = first.events + budget;
    for (const runner of runners) runner.give(limit);
    for (;;) {
      for (const runner of runners) runner.take();
      if (first.state === partState.tied) throw NotParted.tied(first.moment);
      if (first.isReached) return true;
      if (first.events >= most || this.isFull) return false;
      for (const runner of runners) runner.run(limit);
      this.windows++;
    }
  }

  states(): readonly PartState[] {
    return this.#runners.map(({ machine }) => takeState(machine));
  }

  save(): readonly PartCheckpoint[] | undefined {
    return this.#runners.map((runner) => runner.save());
  }

  act(part: number, act: ScalingAct): void {
    actOn(this.#runners[part]!.machine, act);
  }

  sample(site: number): number {
    return this.#runners[0]!.machine.sample(site);
  }

  observed(): readonly (readonly number[])[] {
    return this.#observed.map((latencies) => latencies.splice(0));
  }

  close(): void {}
}
