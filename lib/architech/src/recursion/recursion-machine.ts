import type { MachineState } from "../engine/machine-state.js";
import { meterStride } from "../engine/meter-places.js";
import { Draws } from "./draws.js";
import { Frame } from "./frame.js";
import { Line } from "./line.js";
import { Observations } from "./observations.js";
import type { RecursionPlan, Stage } from "./plan.js";
import { RecordedPages } from "./recorded-pages.js";
import { Spans } from "./spans.js";

/** Requests that go through a stage together: few enough for the nearest caches. */
const block = 512;
const none = new Int32Array(0);

/**
 * A machine without events: requests go through the stages of their way in blocks, each stage a tight loop. What it counts,
 * and when, is what the engine counts by events, from the same draws.
 */
export class RecursionMachine implements MachineState {
  readonly meters: Float64Array;
  readonly gauges: Float64Array;
  readonly gaugeCounts: Int32Array;
  readonly depths: Int32Array;
  readonly counters: Float64Array;
  readonly stations: Int32Array = none;
  readonly beside: Int32Array = none;
  readonly timeouts: number = 0;
  halted: MachineState["halted"];
  now = 0;
  events = 0;
  readonly #plan: RecursionPlan;
  readonly #maxInside: number;
  readonly #pages: RecordedPages;
  readonly #draws: Draws;
  readonly #frames: readonly Frame[];
  readonly #lines: readonly Line[];
  readonly #busy: ReadonlyMap<number, Spans>;
  readonly #works: readonly Float64Array[];
  readonly #at = new Float64Array(block);
  readonly #gaps = new Float64Array(block);
  /** Events that the engine would take for a request that waits for nobody. */
  readonly #eventsEach: number;
  readonly #observations: Observations | undefined;
  /** When the next request comes. */
  #next: number;
  #gapsLeft = 0;

  constructor(plan: RecursionPlan, key: string, maxInside: number, observe?: (mean: number, at: number) => void) {
    this.#plan = plan;
    this.#maxInside = maxInside;
    const observations = observe === undefined ? undefined : new Observations(observe);
    this.#observations = observations;
    this.meters = new Float64Array(plan.meters * meterStride);
    this.gauges = new Float64Array(plan.gauges);
    this.gaugeCounts = new Int32Array(plan.gauges);
    this.depths = new Int32Array(2 * plan.depths);
    this.counters = new Float64Array(plan.counters);
    this.#pages = new RecordedPages(2 * plan.meters);
    this.#draws = new Draws([plan.arrivals, ...plan.works], key);
    this.#frames = plan.frames.map(
      (frame) => new Frame(frame, block, { meters: this.meters, pages: this.#pages, observations }),
    );
    this.#lines = plan.lines.map((line) => new Line(line, block, this));
    this.#works = plan.works.map(() => new Float64Array(block));
    const gauges = plan.stages.flatMap((stage) => (stage.do === "work" && stage.busy >= 0 ? [stage.busy] : []));
    this.#busy = new Map(gauges.map((gauge) => [gauge, new Spans(this, gauge)]));
    this.#eventsEach = 1 + plan.works.length;
    this.#next = this.#gap();
  }

  get pageCounts(): Int32Array {
    return this.#pages.counts;
  }

  get pageTable(): Int32Array {
    return this.#pages.table;
  }

  get pageInfo(): Int32Array {
    return this.#pages.info;
  }

  get touched(): Int32Array {
    return this.#pages.touched;
  }

  get pages(): number {
    return this.#pages.count;
  }

  nextEpoch(): void {
    this.#pages.epoch++;
  }

  run(limit: number, budget: number): boolean {
    if (this.halted !== undefined) return false;
    this.#draws.enter();
    let left = Math.ceil(budget / this.#eventsEach);
    while (this.#next <= limit) {
      if (left <= 0) return false;
      const count = this.#arrivals(limit, Math.min(left, block));
      left -= count;
      this.events += count * this.#eventsEach;
      // Up to the limit only once nobody more comes before it.
      this.now = this.#next <= limit ? this.#at[count - 1]! : limit;
      this.#move(this.now);
      this.#pass(count, this.now);
      this.#observations?.handOn();
      if (this.#frames.some(({ ahead }) => ahead > this.#maxInside)) {
        this.halted = "inside";
        return false;
      }
    }
    this.now = limit;
    this.#move(limit);
    this.#observations?.handOn();
    return true;
  }

  settle(): number {
    return this.now;
  }

  sample(): number {
    throw new Error("a recursion scales nothing");
  }

  setReplica(): void {
    throw new Error("a recursion scales nothing");
  }

  resize(): void {
    throw new Error("a recursion scales nothing");
  }

  /** When the requests of a block come. */
  #arrivals(limit: number, most: number): number {
    const at = this.#at;
    let next = this.#next;
    let count = 0;
    while (count < most && next <= limit) {
      at[count++] = next;
      next += this.#gap();
    }
    this.#next = next;
    return count;
  }

  #gap(): number {
    if (this.#gapsLeft === 0) {
      this.#draws.enter();
      this.#draws.fill(0, this.#gaps, block);
      this.#gapsLeft = block;
    }
    return this.#gaps[block - this.#gapsLeft--]!;
  }

  /** Counts what lay ahead, up to another time. */
  #move(edge: number): void {
    for (const frame of this.#frames) frame.move(edge);
    for (const line of this.#lines) line.move(edge);
    for (const spans of this.#busy.values()) spans.move(edge);
  }

  /** Lets a block go its way. */
  #pass(count: number, edge: number): void {
    const at = this.#at;
    const works = this.#works;
    const open: Frame[] = [];
    const held = new Set<number>();
    let inside = count;
    for (const stage of this.#plan.stages) {
      switch (stage.do) {
        case "begin": {
          const frame = this.#frames[stage.frame]!;
          frame.began.set(inside === block ? at : at.subarray(0, inside));
          open.push(frame);
          break;
        }
        case "serve":
          inside = this.#serve(stage, open, inside, edge);
          for (const work of stage.works) held.add(work);
          break;
        case "work": {
          const work = works[stage.work]!;
          if (!held.has(stage.work)) this.#draws.fill(1 + stage.work, work, inside);
          const busy = this.#busy.get(stage.busy);
          if (busy !== undefined) for (let i = 0; i < inside; i++) busy.add(at[i]!, at[i]! + work[i]!, edge);
          for (let i = 0; i < inside; i++) at[i]! += work[i]!;
          break;
        }
        case "end":
          open.pop()!.end(at, inside, edge);
          break;
      }
    }
    for (const line of this.#lines) line.settle();
  }

  /** Lets a block wait, and those go that find no room. The first work is drawn on arrival, the others for who is let in. */
  #serve(stage: Extract<Stage, { do: "serve" }>, open: readonly Frame[], count: number, edge: number): number {
    const line = this.#lines[stage.line]!;
    const held = stage.works.map((work) => this.#works[work]!);
    for (const work of stage.works) this.#draws.fill(1 + work, this.#works[work]!, count);
    const before = line.plan.room === Number.POSITIVE_INFINITY ? undefined : this.#at.slice(0, count);
    const inside = line.serve(this.#at, this.#frames[stage.frame]!.waited, held, count, edge);
    if (before === undefined || inside === count) return inside;
    const { places } = line;
    for (let i = 0, k = 0; i < count; i++) {
      if (k < inside && places[k] === i) k++;
      else for (const frame of open) frame.fail(i, before[i]!, edge);
    }
    for (const frame of open) frame.keep(places, inside);
    for (const work of held) for (let i = 0; i < inside; i++) work[i] = work[places[i]!]!;
    return inside;
  }
}
