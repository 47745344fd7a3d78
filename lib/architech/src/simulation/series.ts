import { bucketCount, pageSize, quantile } from "../engine/histogram.js";
import type { MachineState } from "../engine/machine-state.js";
import { meterField, meterStride } from "../engine/meter-places.js";
import type { Notes } from "../engine/notes.js";
import { hourlyCost, totalCost } from "./cost.js";
import { insideOf } from "./count.js";
import type { ChannelLayout, Layout, NodeLayout } from "./layout.js";
import { busyShare } from "./shares.js";
import type { SeriesRows } from "./task.js";

const columns = [
  "t",
  "arrivals",
  "completions",
  "errors",
  "latencyP50",
  "latencyP95",
  "latencyP99",
  "depth",
  "util",
  "replicas",
  "cost",
  "moved",
] as const;

/** Turns the machine's sums into one row for each node (and one for traffic) at the end of every interval. */
export class Series {
  readonly #machine: MachineState;
  readonly #layout: Layout;
  readonly #before: Float64Array;
  readonly #gaugesBefore: Float64Array;
  readonly #countersBefore: Float64Array;
  readonly #buckets = new Float64Array(bucketCount);
  readonly #places = new Uint8Array(bucketCount / pageSize);
  #fromMs = 0;
  #rows: number[] = [];
  #nodes: number[] = [];

  constructor(machine: MachineState, layout: Layout) {
    this.#machine = machine;
    this.#layout = layout;
    this.#before = new Float64Array(machine.meters.length);
    this.#gaugesBefore = new Float64Array(machine.gauges.length);
    this.#countersBefore = new Float64Array(machine.counters.length);
  }

  /** Adds the rows of the interval that ends at `atMs`; its histograms have not been folded yet. */
  close(atMs: number): void {
    const { nodes, traffic } = this.#layout;
    const costs = nodes.map((node, i) => this.#closeNode(i, node, atMs));
    this.#row(
      nodes.length,
      traffic.meters,
      atMs,
      this.#area(traffic.meters, atMs) / (atMs - this.#fromMs),
      Number.NaN,
      Number.NaN,
      totalCost(costs),
      Number.NaN,
    );
    const { meters, gauges, gaugeCounts } = this.#machine;
    this.#before.set(meters);
    for (let meter = 0; meter < meters.length / meterStride; meter++) {
      const at = meter * meterStride + meterField.insideArea;
      this.#before[at] = meters[at]! + insideOf(this.#machine, meter) * atMs;
    }
    for (let i = 0; i < gauges.length; i++) this.#gaugesBefore[i] = gauges[i]! + gaugeCounts[i]! * atMs;
    this.#countersBefore.set(this.#machine.counters);
    this.#fromMs = atMs;
  }

  /** Writes down where the interval under way began, or goes on with it; all rows have been taken. */
  keep(notes: Notes): void {
    this.#fromMs = notes.number(this.#fromMs);
    this.#before.set(notes.doubles(this.#before));
    this.#gaugesBefore.set(notes.doubles(this.#gaugesBefore));
    this.#countersBefore.set(notes.doubles(this.#countersBefore));
  }

  /** The rows that were added since the last call. */
  take(): SeriesRows {
    const count = this.#nodes.length;
    const width = columns.length;
    const taken: Record<string, Float64Array> = {};
    columns.forEach((name, c) => {
      const column = new Float64Array(count);
      for (let i = 0; i < count; i++) column[i] = this.#rows[i * width + c]!;
      taken[name] = column;
    });
    const node = Uint16Array.from(this.#nodes);
    this.#rows = [];
    this.#nodes = [];
    return { node, ...taken } as unknown as SeriesRows;
  }

  /** Adds the row of a node and returns what it cost. */
  #closeNode(index: number, node: NodeLayout, atMs: number): number {
    const duration = atMs - this.#fromMs;
    const inside = this.#area(node.meters, atMs);
    let waiting = 0;
    if (node.threadQueue >= 0)
      for (let i = 0; i < node.threadQueues; i++) waiting += this.#gauge(node.threadQueue + i, atMs);
    const waitingCores = node.coreQueue < 0 ? 0 : this.#gauge(node.coreQueue, atMs);
    const depth = node.kind === "queue" || node.kind === "log" ? inside : waiting + waitingCores;
    let util = Number.NaN;
    const { scaled } = node;
    const of = (each: number, gauge: number | undefined): number =>
      gauge === undefined ? duration * each : this.#gauge(gauge, atMs);
    const replicas = scaled === undefined ? node.replicas : this.#gauge(scaled.present, atMs) / duration;
    if (node.capacity < Number.POSITIVE_INFINITY)
      util = busyShare(inside - waiting, of(node.capacity, scaled?.workingThreads));
    else if (node.cores > 0 && node.busyCores >= 0)
      util = busyShare(this.#gauge(node.busyCores, atMs), of(node.cores, scaled?.workingCores));
    let requests = 0;
    for (const meter of node.meters)
      requests += this.#machine.meters[meter * meterStride]! - this.#before[meter * meterStride]!;
    const cost = hourlyCost(node.prices, duration, {
      replicas,
      cores: of(node.cores, scaled?.presentCores) / duration,
      requests,
    });
    const moved =
      node.moved === undefined ? Number.NaN : this.#gauge(node.moved.gauge, atMs) / (duration * node.moved.of);
    this.#row(index, node.meters, atMs, depth / duration, util, replicas, cost, moved, node.channel);
    return cost;
  }

  #row(
    index: number,
    meters: readonly number[],
    atMs: number,
    depth: number,
    util: number,
    replicas: number,
    cost: number,
    moved: number,
    channel?: ChannelLayout,
  ): void {
    let arrivals = 0;
    let done = 0;
    let errors = 0;
    for (const meter of meters) {
      const at = meter * meterStride;
      arrivals += this.#machine.meters[at]! - this.#before[at]!;
      done += this.#machine.meters[at + 1]! - this.#before[at + 1]!;
      errors += this.#machine.meters[at + 2]! - this.#before[at + 2]!;
    }
    // What could be taken once more has not come anew, and of a log each group has all.
    if (channel !== undefined) {
      const { redelivered, groups } = channel;
      arrivals -= this.#machine.counters[redelivered]! - this.#countersBefore[redelivered]!;
      arrivals /= Math.max(1, groups.size);
    }
    this.#nodes.push(index);
    this.#rows.push(atMs / 1000, arrivals, done, errors);
    this.#quantiles(meters);
    this.#rows.push(depth, util, replicas, cost, moved);
  }

  #area(meters: readonly number[], atMs: number): number {
    let area = 0;
    for (const meter of meters) {
      const at = meter * meterStride + meterField.insideArea;
      area += this.#machine.meters[at]! + insideOf(this.#machine, meter) * atMs - this.#before[at]!;
    }
    return area;
  }

  #gauge(gauge: number, atMs: number): number {
    return this.#machine.gauges[gauge]! + this.#machine.gaugeCounts[gauge]! * atMs - this.#gaugesBefore[gauge]!;
  }

  /** Quantiles over the pages that these meters touched in the interval, and nothing else. */
  #quantiles(meters: readonly number[]): void {
    const { touched, pageInfo, pageCounts } = this.#machine;
    const buckets = this.#buckets;
    let total = 0;
    let first = bucketCount;
    let last = 0;
    for (const meter of meters) {
      for (let page = touched[2 * meter]!; page >= 0; page = pageInfo[page * 4 + 3]!) {
        const from = pageInfo[page * 4 + 1]! * pageSize;
        this.#places[from / pageSize] = 1;
        if (from < first) first = from;
        if (from + pageSize > last) last = from + pageSize;
        for (let i = 0; i < pageSize; i++) {
          const count = pageCounts[page * pageSize + i]!;
          buckets[from + i] = buckets[from + i]! + count;
          total += count;
        }
      }
    }
    for (const q of [0.5, 0.95, 0.99]) this.#rows.push(quantile(buckets, total, q, first, last));
    for (let at = first; at < last; at += pageSize) {
      if (this.#places[at / pageSize] === 1) buckets.fill(0, at, at + pageSize);
      this.#places[at / pageSize] = 0;
    }
  }
}
