import * as at from "./core/addresses.js";
import type { Core } from "./core-of-machine.js";
import { pageSize, pagesEach } from "./histogram.js";
import type { Host } from "./host.js";
import type { Image } from "./image.js";
import { imageOf } from "./image-of-machine.js";
import type { MachineState } from "./machine-state.js";
import { refused } from "./notes.js";
import type { Program } from "./program.js";
import { besideStride, recordStride } from "./scaled-plan.js";
import { ScriptCore } from "./script-core.js";
import type { Specialise } from "./specialiser.js";
import { stationStride } from "./station-plan.js";
import { coreModule, WasmCore } from "./wasm-core.js";

/** Observations in one of the means that `observe` is handed. */
export const meansOf = 5;

const halts: readonly MachineState["halted"][] = [undefined, "inside", "idle", "host"];

/** Ints of a message between parts; see `core/cut.ts`. */
export const messageInts = 12;
/** Doubles that tell of a tie. */
export const tieDoubles = 7;
const none = new Int32Array(0);
const noTies = new Float64Array(0);

/**
 * Runs a program: frames (requests, calls, messages, timers) that take stations, wait and end, in the order of
 * (time, sequence). Statistics are plain sums in `meters`, `gauges`, `depths` and `counters`, and histograms in pages.
 * All of it lies in one memory (`core/addresses.ts`), which is laid out here and worked on by a core.
 */
export class Machine implements MachineState {
  meters!: Float64Array;
  gauges!: Float64Array;
  gaugeCounts!: Int32Array;
  depths!: Int32Array;
  counters!: Float64Array;
  stations!: Int32Array;
  beside!: Int32Array;
  pageCounts!: Int32Array;
  pageTable!: Int32Array;
  pageInfo!: Int32Array;
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
   * traffic, in means of `batchSize`.
   */
  constructor(
    program: Program,
    key: string,
    maxInside: number,
    observe?: (mean: number, at: number) => void,
    makeCore: (image: Image) => Core = (image) => coreOf(image, program.extended),
    batchSize: number = meansOf,
  ) {
    this.#program = program;
    this.#observe = observe;
    this.#core = makeCore(imageOf(program, key, maxInside, observe === undefined ? 0 : batchSize));
    for (const { pc, count } of program.starts) this.#core.start(pc, count);
    this.#look();
  }

  get halted(): MachineState["halted"] {
    return halts[this.#ints[at.halted]!];
  }

  get now(): number {
    return this.#floats[at.now]!;
  }

  get events(): number {
    return this.#floats[at.events]!;
  }

  get timeouts(): number {
    return this.#floats[at.timeouts]!;
  }

  get pages(): number {
    return this.#ints[at.pages]!;
  }

  nextEpoch(): void {
    this.#ints[at.epoch]!++;
  }

  /** Bytes of its memory. */
  get bytes(): number {
    return this.#core.buffer.byteLength;
  }

  /** A copy of what is taken of its memory: all that there is of it. */
  save(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#core.buffer.slice(0, 4 * this.#ints[at.top]!));
  }

  /** Goes on from where a machine of the same program was. Throws `checkpoint-refused`. */
  load(memory: Uint8Array): void {
    const ints = new Int32Array(memory.slice().buffer, 0, memory.byteLength >> 2);
    const { code } = this.#program;
    if (ints[at.top] !== ints.length || code.some((instruction, i) => ints[at.codeStart + i] !== instruction))
      throw refused("is of another program");
    this.#core.load(ints);
    this.#look();
  }

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

  settle(): number {
    return this.now;
  }

  /** Goes on with what `specialise` makes of its program, if it can: the same results, sooner. */
  specialise(specialise: Specialise): void {
    if (this.#core.become === undefined) return;
    const module = specialise(this.#program, this.#ints);
    if (module !== undefined) this.#core.become(module);
  }

  sample(site: number): number {
    const drawn = this.#core.sample(site);
    this.#renew();
    return drawn;
  }

  setReplica(node: number, place: number, state: number, time: number): void {
    this.#core.setReplica(node * recordStride, place, state, time);
    this.#renew();
  }

  resize(node: number, threads: number, cores: number, time: number): void {
    this.#core.resize(node * recordStride, threads, cores, time);
    this.#renew();
  }

  /** When something happens next; Infinity when nothing will by itself. */
  get nextTime(): number {
    return this.#core.nextTime();
  }

  /** What was sent to other parts since it was last asked for, `messageInts` ints each: a view that the next run changes. */
  takeSent(): Int32Array {
    const held = this.#ints[at.sentHeld]!;
    if (held === 0) return none;
    this.#ints[at.sentHeld] = 0;
    return new Int32Array(this.#core.buffer, 8 * this.#ints[at.sent]!, held * messageInts);
  }

  /** Ties of messages with what came right after them, `tieDoubles` each, since it was last asked for. */
  takeTies(): Float64Array {
    const held = Math.min(this.#ints[at.tiesHeld]!, 64);
    if (held === 0) return noTies;
    this.#ints[at.tiesHeld] = 0;
    return new Float64Array(this.#core.buffer, 8 * this.#ints[at.ties]!, held * tieDoubles);
  }

  /**
   * Puts messages of another part into the calendar, `messageInts` ints each, those that are kept. `number` says which
   * number a message of this part has that was sent then; see `core/cut.ts`.
   */
  admit(from: number, to: number, messages: Int32Array, number: (sent: number) => number): void {
    const first = 2 * this.#core.roomForMessages(messages.length / messageInts);
    const room = new Int32Array(this.#core.buffer, 4 * first, messages.length);
    const doubles = new Float64Array(messages.buffer, messages.byteOffset, messages.length >> 1);
    let count = 0;
    for (let i = 0; i < messages.length; i += messageInts) {
      if (messages[i + 6] !== to) continue;
      const place = count++ * messageInts;
      for (let k = 0; k < messageInts; k++) room[place + k] = messages[i + k]!;
      room[place + 6] = number(doubles[(i >> 1) + 1]!);
    }
    this.#core.admit(from, count);
    this.#renew();
  }

  /** See `core/cut.ts`. */
  reserveNumbers(count: number): number {
    return this.#core.reserveNumbers(count);
  }

  /** The number that the last of what was put into the calendar has. */
  get lastNumber(): number {
    return this.#ints[at.sequence]!;
  }

  /** Frames in use. */
  get inside(): number {
    return this.#ints[at.frameCount]! - this.#ints[at.freeCount]!;
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

/** WebAssembly where it may be compiled, else JavaScript. */
function coreOf(image: Image, extended: boolean): Core {
  const module = coreModule(extended ? "extended" : "lean");
  return module === undefined ? new ScriptCore(image) : new WasmCore(module, image);
}
