import { pageSize, pagesEach } from "../engine/histogram.js";
import { meansOf } from "../engine/machine.js";
import type { MachineState } from "../engine/machine-state.js";
import { meterField, meterStride } from "../engine/meter-places.js";
import { type Notes, NotesReader, NotesWriter } from "../engine/notes.js";
import type { Program } from "../engine/program.js";
import { besideStride } from "../engine/scaled-plan.js";
import { stationStride } from "../engine/station-plan.js";
import { NotParted } from "./part.js";
import { type PartCheckpoint, type PartState, pageInts } from "./part-state.js";
import type { Parts, ScalingAct } from "./parts.js";

/** Which parts of a merged machine have what. */
export interface Owners {
  /** Of each scaled node: its part, and its stations. */
  readonly scaled: readonly { readonly part: number; readonly firstStation: number; readonly stations: number }[];
}

/**
 * The parts of a model as one machine. Whatever is counted is counted in one part, or is a whole number that several add
 * to, so the sums of all parts are those of one sequence, bit for bit.
 */
export class MergedMachine implements MachineState {
  readonly meters: Float64Array;
  readonly gauges: Float64Array;
  readonly gaugeCounts: Int32Array;
  readonly depths: Int32Array;
  readonly counters: Float64Array;
  readonly stations: Int32Array;
  readonly beside: Int32Array;
  pageCounts: Int32Array = new Int32Array(16 * pageSize);
  pageInfo: Int32Array = new Int32Array(4 * 16);
  readonly pageTable: Int32Array;
  readonly touched: Int32Array;
  pages = 0;
  timeouts = 0;
  readonly #parts: Parts;
  readonly #owners: Owners;
  readonly #observe: ((mean: number, at: number) => void) | undefined;
  /** Counts that are there at time zero in every part. */
  #firstCounts: Int32Array;
  #epoch = 1;
  readonly #batch = { sum: 0, count: 0 };

  /** `observe` is handed the latencies of traffic, in means of five; `from`: notes of what was saved with the parts. */
  constructor(
    parts: Parts,
    { meters, gauges, depths, counters, stations, scaled }: Program,
    owners: Owners,
    observe: ((mean: number, at: number) => void) | undefined,
    from?: Float64Array,
  ) {
    this.#parts = parts;
    this.#owners = owners;
    this.#observe = observe;
    this.meters = new Float64Array(meters * meterStride);
    this.gauges = new Float64Array(gauges);
    this.gaugeCounts = new Int32Array(gauges);
    this.depths = new Int32Array(2 * depths);
    this.counters = new Float64Array(counters);
    this.stations = new Int32Array(scaled.length === 0 ? 0 : stationStride * stations.length);
    this.beside = new Int32Array(scaled.length === 0 ? 0 : besideStride * stations.length);
    this.pageTable = new Int32Array(2 * meters * pagesEach).fill(-1);
    this.touched = new Int32Array(2 * meters).fill(-1);
    const states = parts.states();
    this.#firstCounts = states[0]!.gaugeCounts;
    this.#merge(states);
    if (from === undefined) return;
    const notes = new NotesReader(from);
    this.#keep(notes);
    notes.end();
  }

  get halted(): MachineState["halted"] {
    return this.#parts.isFull ? "inside" : undefined;
  }

  get now(): number {
    return this.#parts.now;
  }

  get events(): number {
    return this.#parts.events;
  }

  nextEpoch(): void {
    this.#epoch++;
  }

  run(limit: number, budget: number): boolean {
    if (!this.#parts.run(limit, budget)) return false;
    this.#gather();
    return true;
  }

  settle(): number {
    this.#settle();
    return this.now;
  }

  /** Whether all have come to the latest moment that any has reached. */
  #settle(): boolean {
    let settled = false;
    // What goes on for ever at one moment never comes to an end of it.
    for (let tries = 0; tries < 100 && !this.#parts.isFull && !settled; ) {
      const { windows } = this.#parts;
      settled = this.#parts.run(this.now, 8192) && this.#parts.run(this.now, 8192);
      // Others may take their time.
      if (this.#parts.windows > windows) tries++;
    }
    this.#gather();
    return settled;
  }

  /** How far the parts are, in their order, and what else there is to know; undefined where they come to no common moment. */
  save(): { readonly parts: readonly PartCheckpoint[]; readonly notes: Float64Array<ArrayBuffer> } | undefined {
    const parts = this.#settle() ? this.#parts.save() : undefined;
    if (parts === undefined) return undefined;
    const notes = new NotesWriter();
    this.#keep(notes);
    return { parts, notes: notes.written };
  }

  /** All that the parts do not know. */
  #keep(notes: Notes): void {
    this.#firstCounts = notes.ints(this.#firstCounts);
    this.meters.set(notes.doubles(this.meters));
    this.gauges.set(notes.doubles(this.gauges));
    this.gaugeCounts.set(notes.ints(this.gaugeCounts));
    this.depths.set(notes.ints(this.depths));
    this.counters.set(notes.doubles(this.counters));
    this.pages = notes.number(this.pages);
    this.pageCounts = notes.ints(this.pageCounts);
    this.pageInfo = notes.ints(this.pageInfo);
    this.pageTable.set(notes.ints(this.pageTable));
    this.touched.set(notes.ints(this.touched));
    this.#epoch = notes.number(this.#epoch);
    this.#batch.sum = notes.number(this.#batch.sum);
    this.#batch.count = notes.number(this.#batch.count);
  }

  /** Asks the parts what they have counted. */
  #gather(): void {
    this.#merge(this.#parts.states());
    if (this.#observe !== undefined) this.#handOver(this.#observe);
  }

  sample(site: number): number {
    return this.#parts.sample(site);
  }

  setReplica(node: number, place: number, state: number, time: number): void {
    this.#act(node, ["setReplica", node, place, state, time]);
  }

  resize(node: number, threads: number, cores: number, time: number): void {
    this.#act(node, ["resize", node, threads, cores, time]);
  }

  #act(node: number, act: ScalingAct): void {
    this.#parts.act(this.#owners.scaled[node]!.part, act);
    this.#merge(this.#parts.states());
  }

  #merge(states: readonly PartState[]): void {
    const { meters, depths } = this;
    for (let i = 0; i < meters.length; i++) {
      const field = i % meterStride;
      const isMax = field === meterField.latencyMax || field === meterField.waitMax;
      let value = isMax ? meters[i]! : 0;
      for (const state of states) value = isMax ? Math.max(value, state.meters[i]!) : sum(value, state.meters[i]!);
      meters[i] = value;
    }
    sumAll(
      this.gauges,
      states.map(({ gauges }) => gauges),
    );
    sumAll(
      this.counters,
      states.map(({ counters }) => counters),
    );
    for (let i = 0; i < this.gaugeCounts.length; i++) {
      let count = this.#firstCounts[i]!;
      for (const { gaugeCounts } of states) count += gaugeCounts[i]! - this.#firstCounts[i]!;
      this.gaugeCounts[i] = count;
    }
    for (let i = 0; i < depths.length; i += 2) {
      depths[i] = states.reduce((total, state) => total + state.depths[i]!, 0);
      depths[i + 1] = states.reduce((most, state) => Math.max(most, state.depths[i + 1]!), depths[i + 1]!);
    }
    this.timeouts = states.reduce((total, { timeouts }) => total + timeouts, 0);
    for (const { part, firstStation, stations } of this.#owners.scaled) {
      const { stations: from, beside } = states[part]!;
      const end = firstStation + stations;
      this.stations.set(from.subarray(firstStation * stationStride, end * stationStride), firstStation * stationStride);
      this.beside.set(beside.subarray(firstStation * besideStride, end * besideStride), firstStation * besideStride);
    }
    for (const { pages } of states) this.#addPages(pages);
  }

  #addPages(pages: Int32Array): void {
    for (let at = 0; at < pages.length; at += pageInts) {
      const page = this.#page(pages[at]!, pages[at + 1]!);
      const counts = this.pageCounts;
      for (let i = 0; i < pageSize; i++)
        counts[page * pageSize + i] = counts[page * pageSize + i]! + pages[at + 2 + i]!;
    }
  }

  /** The page for this place of this histogram, touched in this epoch. */
  #page(histogram: number, place: number): number {
    let page = this.pageTable[histogram * pagesEach + place]!;
    if (page < 0) {
      page = this.pages++;
      if (4 * this.pages > this.pageInfo.length) {
        this.pageInfo = grown(this.pageInfo);
        this.pageCounts = grown(this.pageCounts);
      }
      this.pageTable[histogram * pagesEach + place] = page;
      this.pageInfo[4 * page] = histogram;
      this.pageInfo[4 * page + 1] = place;
    }
    if (this.pageInfo[4 * page + 2] !== this.#epoch) {
      this.pageInfo[4 * page + 2] = this.#epoch;
      this.pageInfo[4 * page + 3] = this.touched[histogram]!;
      this.touched[histogram] = page;
    }
    return page;
  }

  /** In means of five, in the order of time. */
  #handOver(observe: (mean: number, at: number) => void): void {
    const batch = this.#batch;
    const parts = this.#parts.observed();
    const places = parts.map(() => 0);
    for (;;) {
      let first = -1;
      for (let i = 0; i < parts.length; i++) {
        const at = parts[i]![places[i]! + 1];
        if (at === undefined) continue;
        const least = first < 0 ? Number.POSITIVE_INFINITY : parts[first]![places[first]! + 1]!;
        if (at === least) throw NotParted.tied(at);
        if (at < least) first = i;
      }
      if (first < 0) return;
      const place = places[first]!;
      places[first] = place + 2;
      batch.sum += parts[first]![place]!;
      if (++batch.count < meansOf) continue;
      observe(batch.sum / batch.count, parts[first]![place + 1]!);
      batch.sum = 0;
      batch.count = 0;
    }
  }
}

/** What nobody has added to leaves the other as it is. */
function sum(a: number, b: number): number {
  return a === 0 ? b : b === 0 ? a : a + b;
}

function sumAll(into: Float64Array, from: readonly Float64Array[]): void {
  for (let i = 0; i < into.length; i++) {
    let value = 0;
    for (const values of from) value = sum(value, values[i]!);
    into[i] = value;
  }
}

function grown(ints: Int32Array): Int32Array {
  const larger = new Int32Array(2 * ints.length);
  larger.set(ints);
  return larger;
}
