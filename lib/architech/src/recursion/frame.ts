import { meterField, meterStride } from "../engine/meter-places.js";
import type { Observations } from "./observations.js";
import type { FramePlan } from "./plan.js";
import type { RecordedPages } from "./recorded-pages.js";

/** Numbers of one that lies ahead: begin, end, wait, and whether it ends well. */
const stride = 4;

/** Requests, or calls, from their begin to their end, counted by a meter as time gets there. */
export class Frame {
  /** When those of the block at hand began. */
  readonly began: Float64Array;
  /** How long they waited; all zeros where nothing waits. */
  readonly waited: Float64Array;
  readonly #meters: Float64Array;
  readonly #pages: RecordedPages;
  readonly #at: number;
  readonly #meter: number;
  readonly #observations: Observations | undefined;
  #late: number[] = [];
  #edge = Number.NEGATIVE_INFINITY;

  constructor(
    { meter, observed }: FramePlan,
    block: number,
    to: {
      readonly meters: Float64Array;
      readonly pages: RecordedPages;
      readonly observations: Observations | undefined;
    },
  ) {
    this.began = new Float64Array(block);
    this.waited = new Float64Array(block);
    this.#meters = to.meters;
    this.#pages = to.pages;
    this.#meter = meter;
    this.#at = meter * meterStride;
    this.#observations = observed ? to.observations : undefined;
  }

  /** How many have begun, or will, and have not ended. */
  get ahead(): number {
    return this.#late.length / stride;
  }

  /** All of the block end well, at these times. */
  end(at: Float64Array, count: number, edge: number): void {
    const { began, waited } = this;
    const meters = this.#meters;
    const place = this.#at;
    for (let i = 0; i < count; i++) {
      const from = began[i]!;
      const to = at[i]!;
      if (to > edge) {
        if (from <= edge) this.#begin(from);
        this.#late.push(from, to, waited[i]!, 1);
        continue;
      }
      meters[place]!++;
      meters[place + meterField.insideArea]! += to - from;
      this.#end(to - from, to, waited[i]!);
    }
  }

  /** One of the block fails. */
  fail(i: number, at: number, edge: number): void {
    const from = this.began[i]!;
    if (from <= edge) this.#begin(from);
    if (at > edge) this.#late.push(from, at, 0, 0);
    else this.#fail(at);
  }

  /** What is left of the block once some are out: the place of each of the others before. */
  keep(places: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.began[i] = this.began[places[i]!]!;
  }

  /** Counts what lay ahead, up to another time. */
  move(edge: number): void {
    const late = this.#late;
    if (late.length > 0) {
      let kept = 0;
      for (let i = 0; i < late.length; i += stride) {
        const from = late[i]!;
        const to = late[i + 1]!;
        if (from > this.#edge && from <= edge) this.#begin(from);
        if (to > edge) {
          for (let k = 0; k < stride; k++) late[kept++] = late[i + k]!;
          continue;
        }
        if (late[i + 3] === 0) this.#fail(to);
        else {
          this.#meters[this.#at + meterField.insideArea]! += to;
          this.#end(to - from, to, late[i + 2]!);
        }
      }
      late.length = kept;
    }
    this.#edge = edge;
  }

  #begin(from: number): void {
    this.#meters[this.#at]!++;
    this.#meters[this.#at + meterField.insideArea]! -= from;
  }

  #fail(at: number): void {
    this.#meters[this.#at + meterField.errors]!++;
    this.#meters[this.#at + meterField.insideArea]! += at;
  }

  #end(latency: number, at: number, waited: number): void {
    const meters = this.#meters;
    const place = this.#at;
    meters[place + meterField.done]!++;
    meters[place + meterField.latencySum]! += latency;
    if (latency > meters[place + meterField.latencyMax]!) meters[place + meterField.latencyMax] = latency;
    this.#pages.record(2 * this.#meter, latency);
    if (waited > 0) {
      meters[place + meterField.waitSum]! += waited;
      if (waited > meters[place + meterField.waitMax]!) meters[place + meterField.waitMax] = waited;
      this.#pages.record(2 * this.#meter + 1, waited);
    }
    this.#observations?.add(latency, at);
  }
}
