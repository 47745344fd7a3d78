import type { Machine } from "../engine/machine.js";
import { meterField, meterStride } from "../engine/meter-places.js";

/** What was counted over a stretch of simulated time: differences of the machine's sums between its two ends. */
export class Totals {
  fromMs = 0;
  toMs = 0;
  /** As the machine's meters, but `insideArea` is the integral over the stretch, and the maxima are of the stretch. */
  readonly meters: Float64Array;
  /** Integrals over the stretch. */
  readonly gauges: Float64Array;
  /** The most that waited at once. */
  readonly depthMax: Float64Array;
  readonly counters: Float64Array;
  timeouts = 0;
  /** Counts by page of the machine, of all the time from the start to the end of the stretch; see `leaveOut`. */
  pages: Float64Array = new Float64Array(0);

  constructor(machine: Machine) {
    this.meters = new Float64Array(machine.meters.length);
    this.gauges = new Float64Array(machine.gauges.length);
    this.depthMax = new Float64Array(machine.depths.length / 2);
    this.counters = new Float64Array(machine.counters.length);
  }

  get durationMs(): number {
    return this.toMs - this.fromMs;
  }

  /** Adds the counts of the stretch that follows. */
  add(next: Totals): void {
    this.toMs = next.toMs;
    this.timeouts += next.timeouts;
    for (let i = 0; i < this.meters.length; i++) {
      const field = i % meterStride;
      const isMax = field === meterField.latencyMax || field === meterField.waitMax;
      this.meters[i] = isMax ? Math.max(this.meters[i]!, next.meters[i]!) : this.meters[i]! + next.meters[i]!;
    }
    addAll(this.gauges, next.gauges);
    addAll(this.counters, next.counters);
    next.depthMax.forEach((max, i) => {
      this.depthMax[i] = Math.max(this.depthMax[i]!, max);
    });
    this.pages = next.pages;
  }

  /** Takes the counts of what came before out of the pages. */
  leaveOut(before: Float64Array): void {
    const { pages } = this;
    for (let i = 0; i < before.length; i++) pages[i] = pages[i]! - before[i]!;
  }
}

function addAll(into: Float64Array, from: Float64Array): void {
  for (let i = 0; i < from.length; i++) into[i] = into[i]! + from[i]!;
}
