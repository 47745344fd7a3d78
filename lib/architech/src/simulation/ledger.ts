import { pageSize } from "../engine/histogram.js";
import type { MachineState } from "../engine/machine-state.js";
import { meterStride } from "../engine/meter-places.js";
import type { Notes } from "../engine/notes.js";
import { type Count, maxima } from "./count.js";

/** Takes counts of a machine along its run; taking one changes nothing of the simulation. */
export class Ledger {
  readonly #machine: MachineState;
  /** Before anything has happened. */
  readonly zero: Count;
  /** Counts by page of the intervals that were folded in. */
  #pages: Float64Array = new Float64Array(0);

  constructor(machine: MachineState) {
    this.#machine = machine;
    this.zero = {
      atMs: 0,
      meters: new Float64Array(machine.meters.length),
      gauges: new Float64Array(machine.gauges.length),
      gaugeCounts: new Int32Array(machine.gaugeCounts.length),
      depths: new Int32Array(machine.depths.length),
      counters: new Float64Array(machine.counters.length),
      timeouts: 0,
      pages: this.#pages,
    };
  }

  /** Adds the counts of the interval under way; the machine starts a new interval. */
  foldPages(): void {
    const machine = this.#machine;
    const length = machine.pages * pageSize;
    if (length > this.#pages.length) {
      const grown = new Float64Array(length * 2);
      grown.set(this.#pages);
      this.#pages = grown;
    }
    const { touched, pageCounts, pageInfo } = machine;
    for (let histogram = 0; histogram < touched.length; histogram++) {
      let page = touched[histogram]!;
      if (page < 0) continue;
      touched[histogram] = -1;
      while (page >= 0) {
        for (let at = page * pageSize; at < (page + 1) * pageSize; at++) {
          const count = pageCounts[at]!;
          if (count === 0) continue;
          this.#pages[at] = this.#pages[at]! + count;
          pageCounts[at] = 0;
        }
        page = pageInfo[page * 4 + 3]!;
      }
    }
    machine.nextEpoch();
  }

  /** Writes down what was folded in, or goes on with it. */
  keep(notes: Notes): void {
    this.#pages = notes.doubles(this.#pages);
  }

  /** What has been counted up to `atMs`, up to which all has happened; maxima begin anew. */
  count(atMs: number): Count {
    const { meters, gauges, gaugeCounts, depths, counters, timeouts } = this.#machine;
    const count = {
      atMs,
      meters: meters.slice(),
      gauges: gauges.slice(),
      gaugeCounts: gaugeCounts.slice(),
      depths: depths.slice(),
      counters: counters.slice(),
      timeouts,
      pages: this.#pagesNow(),
    };
    for (let at = 0; at < meters.length; at += meterStride) for (const field of maxima) meters[at + field] = 0;
    for (let at = 0; at < depths.length; at += 2) depths[at + 1] = depths[at]!;
    return count;
  }

  /** Counts by page, those of the interval under way among them. */
  #pagesNow(): Float64Array {
    const { pages: used, touched, pageCounts, pageInfo } = this.#machine;
    const length = used * pageSize;
    if (this.#pages.length === 0) return new Float64Array(pageCounts.subarray(0, length));
    const pages = new Float64Array(length);
    pages.set(this.#pages.subarray(0, length));
    for (let histogram = 0; histogram < touched.length; histogram++) {
      for (let page = touched[histogram]!; page >= 0; page = pageInfo[page * 4 + 3]!) {
        for (let at = page * pageSize; at < (page + 1) * pageSize; at++) {
          const count = pageCounts[at]!;
          if (count !== 0) pages[at] = pages[at]! + count;
        }
      }
    }
    return pages;
  }
}
