import * as at from "./core/addresses.js";
import type { Core } from "./core-of-machine.js";
import { pageSize, pagesEach } from "./histogram.js";
import type { Host } from "./host.js";
import { Image } from "./image.js";
import { layBalancers } from "./lay-balancers.js";
import { layCaches } from "./lay-caches.js";
import { layCopies } from "./lay-copies.js";
import { layNodes } from "./lay-nodes.js";
import { layPolicies } from "./lay-policies.js";
import { layResting } from "./lay-resting.js";
import { layScaled } from "./lay-scaled.js";
import { laySites } from "./lay-sites.js";
import type { Program } from "./program.js";
import { besideStride, recordStride } from "./scaled-plan.js";
import { ScriptCore } from "./script-core.js";
import { stationStride } from "./station-plan.js";
import { type CoreModule, coreModule, WasmCore } from "./wasm-core.js";

/** Observations in one of the means that `observe` is handed. */
const batchSize = 5;

/** Why the machine stopped for good. */
export type Halt = "inside" | "idle" | "host";
const halts: readonly (Halt | undefined)[] = [undefined, "inside", "idle", "host"];

/**
 * Runs a program: frames (requests, calls, messages, timers) that take stations, wait and end, in the order of
 * (time, sequence). Statistics are plain sums in `meters`, `gauges`, `depths` and `counters`, and histograms in pages.
 * All of it lies in one memory (`core/addresses.ts`), which is laid out here and worked on by a core.
 */
export class Machine {
  /** `meterStride` sums for each meter. */
  meters!: Float64Array;
  /** Integrals: value + count × now, the count being what waits or is busy. */
  gauges!: Float64Array;
  /** What each gauge counts right now. */
  gaugeCounts!: Int32Array;
  /** For each depth: frames that wait, and the most there were since it was last reset. */
  depths!: Int32Array;
  counters!: Float64Array;
  /** `stationStride` ints for each station. */
  stations!: Int32Array;
  /** `besideStride` ints for each station, where something scales. */
  beside!: Int32Array;
  /** Counts of the current interval by page; latency of meter m is histogram 2m, wait is 2m + 1. */
  pageCounts!: Int32Array;
  /** Page number by histogram and place, or -1. */
  pageTable!: Int32Array;
  /** For each page: histogram, place, epoch of its last count, next touched page of the histogram. */
  pageInfo!: Int32Array;
  /** The first page of each histogram that was touched in this interval, or -1. */
  touched!: Int32Array;

  readonly #core: Core;
  readonly #program: Program;
  readonly #observe: ((mean: number, at: number) => void) | undefined;
  /** Must be there where the program asks. */
  host: Host | undefined;
  #ints!: Int32Array;
  #floats!: Float64Array;

  /**
   * `key` names the random streams; at most `maxInside` frames live at once. `observe` is handed the latencies of
   * traffic, in means of five.
   */
  constructor(
    program: Program,
    key: string,
    maxInside: number,
    observe?: (mean: number, at: number) => void,
    makeCore: (image: Image) => Core = (image) => coreOf(image, program.extended),
  ) {
    this.#program = program;
    this.#observe = observe;
    this.#core = makeCore(imageOf(program, key, maxInside, observe !== undefined));
    for (const { pc, count } of program.starts) this.#core.start(pc, count);
    this.#look();
  }

  get halted(): Halt | undefined {
    return halts[this.#ints[at.halted]!];
  }

  /** Simulated time reached, in the unit of the program. */
  get now(): number {
    return this.#floats[at.now]!;
  }

  /** Events taken from the calendar, and messages that a worker took at once. */
  get events(): number {
    return this.#floats[at.events]!;
  }

  /** Timeouts that fired. */
  get timeouts(): number {
    return this.#floats[at.timeouts]!;
  }

  /** Pages of histograms. */
  get pages(): number {
    return this.#ints[at.pages]!;
  }

  /** Begins a new interval of the histograms. */
  nextEpoch(): void {
    this.#ints[at.epoch]!++;
  }

  /** Bytes of its memory. */
  get bytes(): number {
    return this.#core.buffer.byteLength;
  }

  /**
   * Runs until the next event lies after `limit` (and returns true) or `budget` events have been taken. Where it is
   * cut changes nothing of what is computed.
   */
  run(limit: number, budget: number): boolean {
    const last = this.events + budget;
    for (;;) {
      if (this.#ints[at.asks] !== 0 && !this.#answer()) return false;
      const reached = this.#core.run(limit, last - this.events);
      this.#renew();
      if (this.#observe !== undefined) this.#handOver(this.#observe);
      if (this.#ints[at.asks] === 0) return reached;
      // What asks as the last event that there was room for is answered when there is room again.
      if (this.events >= last) return false;
    }
  }

  /** Tells the frame that asks how it goes on, before any other; false when the run ends with it. */
  #answer(): boolean {
    const I = this.#ints;
    const D = this.#floats;
    const f = I[at.asks]!;
    const pc = I[f]!;
    const register = f + 9 + I[pc + 2]!;
    const answer = this.host!.answer({
      moment: I[pc + 1]!,
      number: I[pc + 3]!,
      note: I[register]!,
      kind: I[f + 24]!,
      key: I[f + 25]!,
      deadline: D[f / 2 + 14]!,
    });
    if (answer === undefined) {
      I[at.halted] = 3;
      return false;
    }
    I[f] = answer.pc;
    I[register] = answer.note;
    D[f / 2 + 11] = answer.drawn;
    I[at.readyHead] = (I[at.readyHead]! - 1) | 0;
    I[I[at.ready]! + (I[at.readyHead] & (I[at.readySize]! - 1))] = f;
    I[at.asks] = 0;
    // Nothing else was there to go on.
    if (I[at.halted] === 2) I[at.halted] = 0;
    return true;
  }

  /** Goes on with what `specialise` makes of its program, if it can: the same results, sooner. */
  specialise(specialise: (program: Program, ints: Int32Array) => CoreModule | undefined): void {
    if (this.#core.become === undefined) return;
    const module = specialise(this.#program, this.#ints);
    if (module !== undefined) this.#core.become(module);
  }

  /** The next draw of a sampling site. */
  sample(site: number): number {
    const drawn = this.#core.sample(site);
    this.#renew();
    return drawn;
  }

  /** At `time`, up to which all has happened, another of `replicaState` stands in a place of a scaled node. */
  setReplica(node: number, place: number, state: number, time: number): void {
    this.#core.setReplica(node * recordStride, place, state, time);
    this.#renew();
  }

  /** From `time` on, up to which all has happened, every replica of a scaled node has so many threads and cores. */
  resize(node: number, threads: number, cores: number, time: number): void {
    this.#core.resize(node * recordStride, threads, cores, time);
    this.#renew();
  }

  #renew(): void {
    if (this.#core.buffer !== this.#ints.buffer || this.pageCounts.byteOffset !== 4 * this.#ints[at.pageCounts]!)
      this.#look();
  }

  #handOver(observe: (mean: number, at: number) => void): void {
    const first = this.#ints[at.batches]!;
    const held = this.#ints[at.batchesHeld]!;
    for (let i = 0; i < held; i++) observe(this.#floats[first + 2 * i]!, this.#floats[first + 2 * i + 1]!);
    this.#ints[at.batchesHeld] = 0;
  }

  /** Makes the views anew: memory has moved. */
  #look(): void {
    const { buffer } = this.#core;
    const { meters, gauges, depths, counters, stations, scaled } = this.#program;
    const places = new Int32Array(buffer);
    const ints = (place: number, length: number) => new Int32Array(buffer, 4 * places[place]!, length);
    const floats = (place: number, length: number) => new Float64Array(buffer, 8 * places[place]!, length);
    this.#ints = places;
    this.#floats = new Float64Array(buffer);
    this.meters = floats(at.meters, 8 * meters);
    this.gauges = floats(at.gauges, gauges);
    this.gaugeCounts = ints(at.gaugeCounts, gauges);
    this.depths = ints(at.depths, 2 * depths);
    this.counters = floats(at.counters, counters);
    this.stations = ints(at.stations, stationStride * stations.length);
    this.beside = ints(at.replicas, scaled.length === 0 ? 0 : besideStride * stations.length);
    this.pageTable = ints(at.pageTable, 2 * meters * pagesEach);
    this.touched = ints(at.touched, 2 * meters);
    this.pageCounts = ints(at.pageCounts, places[at.pageRoom]! * pageSize);
    this.pageInfo = ints(at.pageInfo, 4 * places[at.pageRoom]!);
  }
}

/** The memory of a machine before its first event. */
function imageOf(program: Program, key: string, maxInside: number, observed: boolean): Image {
  const image = new Image();
  const set = (place: number, value: number): void => image.set(place, value);
  image.lay(program.code);
  set(at.constants, image.layFloats(program.constants));
  laySites(image, program.sites, key);
  layNodes(image, program);
  layPolicies(image, program);
  layCaches(image, program.caches);
  layCopies(image, program.copies);
  set(at.meters, image.takeFloats(8 * program.meters));
  set(at.gauges, image.takeFloats(program.gauges));
  set(at.gaugeCounts, image.take(program.gauges));
  set(at.depths, image.take(2 * program.depths));
  set(at.counters, image.takeFloats(program.counters));
  set(at.rotation, image.take(program.counters));
  set(at.gates, image.take(program.gates));
  set(at.drawn, image.take(program.stations.length));
  layScaled(image, program);
  layBalancers(image, program);
  layResting(image, program);
  for (const [place, count] of [
    [at.touched, 2 * program.meters],
    [at.pageTable, 2 * program.meters * pagesEach],
  ] as const) {
    const first = image.take(count);
    image.ints.fill(-1, first, first + count);
    set(place, first);
  }
  const room = 16;
  set(at.pageRoom, room);
  set(at.pageCounts, image.take(room * pageSize));
  set(at.pageInfo, image.take(room * 4));
  set(at.heapRoom, room);
  set(at.heapTime, image.takeFloats(room));
  set(at.heapInfo, image.take(room * 2));
  set(at.laneCount, program.lanes.length);
  set(at.lanes, image.take(10 * program.lanes.length));
  for (const [i, delay] of program.lanes.entries()) {
    const lane = image.ints[at.lanes]! + 10 * i;
    const ring = image.take(6 * room);
    image.ints.set([0, 0, room, ring], lane);
    image.floats.set([Number.POSITIVE_INFINITY, delay], lane / 2 + 3);
  }
  let frames = Math.min(maxInside, 0x3ffffff) + program.reserve;
  for (const { count } of program.starts) frames += count;
  set(at.maxFrames, frames);
  set(at.reserved, program.reserve);
  set(at.wide, program.wide ? 1 : 0);
  set(at.frameStride, program.wide ? 32 : 24);
  set(at.free, -1);
  set(at.nextLane, -1);
  set(at.epoch, 1);
  set(at.batchSize, observed ? batchSize : 0);
  set(at.batchesRoom, observed ? 64 : 0);
  set(at.batches, image.takeFloats(observed ? 128 : 0));
  return image;
}

/** WebAssembly where it may be compiled, else JavaScript. */
function coreOf(image: Image, extended: boolean): Core {
  const module = coreModule(extended ? "extended" : "lean");
  return module === undefined ? new ScriptCore(image) : new WasmCore(module, image);
}
