import { pageSize } from "../engine/histogram.js";
import type { Machine } from "../engine/machine.js";
import { meterField, meterStride } from "../engine/meter-places.js";
import { Totals } from "./totals.js";

/**
 * Cuts a machine's running sums into stretches. The stretch under way ends with `cut`, which returns its totals and
 * begins the next one; cutting changes nothing of the simulation.
 */
export class Ledger {
  readonly #machine: Machine;
  readonly #meters: Float64Array;
  readonly #gauges: Float64Array;
  readonly #counters: Float64Array;
  #timeouts = 0;
  #fromMs = 0;
  /** Counts by page of the intervals that were folded in. */
  #pages = new Float64Array(0);

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#meters = new Float64Array(machine.meters.length);
    this.#gauges = new Float64Array(machine.gauges.length);
    this.#counters = new Float64Array(machine.counters.length);
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

  /** Ends the stretch at `atMs`. */
  cut(atMs: number): Totals {
    const machine = this.#machine;
    const totals = new Totals(machine);
    totals.fromMs = this.#fromMs;
    totals.toMs = atMs;
    for (let i = 0; i < machine.meters.length; i++) {
      const field = i % meterStride;
      const value = machine.meters[i]!;
      if (field === meterField.latencyMax || field === meterField.waitMax) {
        totals.meters[i] = value;
        machine.meters[i] = 0;
      } else if (field === meterField.insideArea) {
        const at = i - meterField.insideArea;
        const area = value + insideOf(machine, at / meterStride) * atMs;
        totals.meters[i] = area - this.#meters[i]!;
        this.#meters[i] = area;
      } else {
        totals.meters[i] = value - this.#meters[i]!;
        this.#meters[i] = value;
      }
    }
    machine.gauges.forEach((value, i) => {
      const area = value + machine.gaugeCounts[i]! * atMs;
      totals.gauges[i] = area - this.#gauges[i]!;
      this.#gauges[i] = area;
    });
    machine.counters.forEach((value, i) => {
      totals.counters[i] = value - this.#counters[i]!;
      this.#counters[i] = value;
    });
    for (let i = 0; i < totals.depthMax.length; i++) {
      totals.depthMax[i] = machine.depths[2 * i + 1]!;
      machine.depths[2 * i + 1] = machine.depths[2 * i]!;
    }
    totals.timeouts = machine.timeouts - this.#timeouts;
    this.#timeouts = machine.timeouts;
    totals.pages = this.#pagesNow();
    this.#fromMs = atMs;
    return totals;
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

/** How many are inside what a meter measures right now. */
export function insideOf(machine: Machine, meter: number): number {
  const at = meter * meterStride;
  return (
    machine.meters[at + meterField.arrivals]! -
    machine.meters[at + meterField.done]! -
    machine.meters[at + meterField.errors]!
  );
}
