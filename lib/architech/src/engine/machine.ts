import { firstBucket, pageSize, pagesEach } from "./histogram.js";
import type { Program } from "./program.js";
import { Samplers } from "./samplers.js";

// One larger file on purpose: the interpreter's loop keeps its tables and scalars in local variables, and splitting
// it into functions with shared state costs a quarter of its speed (docs/decisions/engine-one-loop.md).
// Written in the subset of the language that AssemblyScript compiles too: integers by `| 0`, no labelled jumps,
// tables of numbers, no allocation while it runs but the doubling of a table.

/** Ints of a frame. A frame is named by the offset of its first int. */
const frameStride = 16;
/** More servers than anyone has: a station that never makes anyone wait. */
export const unlimited = 0x1fffffff;
/** Taken off a station's free servers while it is down. */
const downOffset = 0x40000000;

/** Places of scalars in the machine's tables. */
const at = {
  free: 0,
  freeCount: 1,
  readyHead: 2,
  readyTail: 3,
  heapSize: 4,
  sequence: 5,
  nextLane: 6,
  hole: 7,
  batchCount: 8,
  now: 0,
  events: 1,
  timeouts: 2,
  batchSum: 3,
} as const;

/** Why the machine stopped for good. */
export type Halt = "inside" | "idle";

/**
 * Runs a program: frames (requests, calls, messages, timers) that take stations, wait and end, in the order of
 * (time, sequence). Statistics are plain sums in `meters`, `gauges`, `depths` and `counters`, and histograms in pages.
 */
export class Machine {
  halted: Halt | undefined;

  /** `meterStride` sums for each meter. */
  readonly meters: Float64Array;
  /** Integrals: value + count × now, the count being what waits or is busy. */
  readonly gauges: Float64Array;
  /** What each gauge counts right now. */
  readonly gaugeCounts: Int32Array;
  /** For each depth: frames that wait, and the most there were since it was last reset. */
  readonly depths: Int32Array;
  readonly counters: Float64Array;

  /** Counts of the current interval by page; latency of meter m is histogram 2m, wait is 2m + 1. */
  pageCounts: Int32Array;
  /** Page number by histogram and place, or -1. */
  readonly pageTable: Int32Array;
  /** For each page: histogram, place, epoch of its last count, next touched page of the histogram. */
  pageInfo: Int32Array;
  pages = 0;
  /** The first page of each histogram that was touched in this interval, or -1. */
  readonly touched: Int32Array;
  /** Raised by one when an interval is closed. */
  epoch = 1;

  /** When set, latencies of traffic are handed over in means of `batchSize`. */
  observe: ((mean: number, at: number) => void) | undefined;
  batchSize = 5;

  /** Scalars live in tables: an object whose fields change type is optimised over and over. */
  readonly #ints = new Int32Array(9);
  readonly #floats = new Float64Array(4);

  readonly #code: Int32Array;
  readonly #constants: Float64Array;
  readonly #program: Program;
  readonly #samplers: Samplers;

  #frames: Int32Array;
  #times: Float64Array;
  /** The most frames that one instruction starts. */
  readonly #reserve: number;
  #maxFrames: number;
  #ready: Int32Array;

  #heapTime: Float64Array;
  #heapInfo: Int32Array;

  readonly #lanes: number;
  readonly #laneTime: Float64Array[] = [];
  readonly #laneInfo: Int32Array[] = [];
  readonly #laneHead: Int32Array;
  readonly #laneTail: Int32Array;
  readonly #laneHeadTime: Float64Array;
  readonly #laneHeadSequence: Int32Array;

  readonly #stations: Int32Array;
  readonly #queues: Int32Array;
  readonly #workers: Int32Array;
  readonly #takers: Int32Array;
  readonly #gates: Int32Array;
  readonly #rotation: Int32Array;
  /** Replicas drawn for one choice, ascending. */
  readonly #drawn = new Int32Array(4096);

  /** `key` names the random streams; at most `maxInside` frames live at once. */
  constructor(program: Program, key: string, maxInside: number) {
    this.#program = program;
    this.#code = program.code;
    this.#constants = program.constants;
    this.#samplers = new Samplers(program.sites, key);
    this.meters = new Float64Array(8 * program.meters);
    this.gauges = new Float64Array(program.gauges);
    this.gaugeCounts = new Int32Array(program.gauges);
    this.depths = new Int32Array(2 * program.depths);
    this.counters = new Float64Array(program.counters);
    this.#rotation = new Int32Array(program.counters);
    this.#gates = new Int32Array(program.gates);
    this.touched = new Int32Array(2 * program.meters).fill(-1);
    this.pageTable = new Int32Array(2 * program.meters * pagesEach).fill(-1);
    this.pageCounts = new Int32Array(16 * pageSize);
    this.pageInfo = new Int32Array(16 * 4);
    this.#reserve = program.reserve;
    this.#maxFrames = Math.min(maxInside, 0x3ffffff) + program.reserve;
    for (const { count } of program.starts) this.#maxFrames += count;

    this.#ints[at.free] = -1;
    this.#ints[at.nextLane] = -1;
    this.#frames = new Int32Array(0);
    this.#times = new Float64Array(0);
    this.#ready = new Int32Array(0);
    this.#growFrames();
    this.#heapTime = new Float64Array(16);
    this.#heapInfo = new Int32Array(32);

    this.#lanes = program.lanes.length;
    this.#laneHead = new Int32Array(this.#lanes);
    this.#laneTail = new Int32Array(this.#lanes);
    this.#laneHeadTime = new Float64Array(this.#lanes).fill(Number.POSITIVE_INFINITY);
    this.#laneHeadSequence = new Int32Array(this.#lanes);
    // One more than there are: an array that stays empty has another shape.
    for (let i = 0; i <= this.#lanes; i++) {
      this.#laneTime.push(new Float64Array(16));
      this.#laneInfo.push(new Int32Array(16 * 4));
    }

    // free, head, tail, waiting, down, gauge, depth, servers
    this.#stations = new Int32Array(8 * program.stations.length);
    program.stations.forEach((station, i) => {
      this.#stations.set([station.servers, -1, -1, 0, 0, station.gauge, station.depth, station.servers], 8 * i);
    });
    // head, tail, waiting, capacity, down, meter, depth, takers, first taker
    const takers: number[] = [];
    this.#queues = new Int32Array(16 * program.queues.length);
    program.queues.forEach((queue, i) => {
      const capacity = Math.min(queue.capacity, 0x7fffffff);
      this.#queues.set([-1, -1, 0, capacity, 0, queue.meter, queue.depth, queue.takers.length, takers.length], 16 * i);
      takers.push(...queue.takers);
    });
    this.#takers = Int32Array.from(takers);
    this.#workers = new Int32Array(4 * program.workers.length);
    program.workers.forEach((worker, i) => {
      this.#workers.set([worker.queue * 16, worker.station * 8, worker.meter, worker.entry], 4 * i);
    });

    for (const { pc, count } of program.starts) {
      while (this.#ints[at.freeCount]! < count) this.#growFrames();
      for (let i = 0; i < count; i++) {
        const f = this.#ints[at.free]!;
        this.#ints[at.free] = this.#frames[f + 7]!;
        this.#ints[at.freeCount] = this.#ints[at.freeCount]! - 1;
        this.#frames[f] = pc;
        this.#frames[f + 1] = -1;
        this.#makeReady(f);
      }
    }
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

  /** Frames in use. */
  get live(): number {
    return this.#frames.length / frameStride - this.#ints[at.freeCount]!;
  }

  /** Bytes held by frames, calendar and histograms. */
  get bytes(): number {
    return (
      this.#frames.byteLength +
      this.#times.byteLength +
      this.#ready.byteLength +
      this.#heapTime.byteLength +
      this.#heapInfo.byteLength +
      this.pageCounts.byteLength +
      this.pageTable.byteLength
    );
  }

  /** Doubles the frames; false at the bound, which leaves room for what one instruction can start. */
  #growFrames(): boolean {
    const old = this.#frames.length / frameStride;
    const count = Math.min(Math.max(32, old * 2), this.#maxFrames);
    if (count <= old) return false;
    const frames = new Int32Array(count * frameStride);
    frames.set(this.#frames);
    const times = new Float64Array(count * 4);
    times.set(this.#times);
    for (let i = old; i < count; i++)
      frames[i * frameStride + 7] = i + 1 < count ? (i + 1) * frameStride : this.#ints[at.free]!;
    this.#ints[at.free] = old * frameStride;
    this.#ints[at.freeCount] = this.#ints[at.freeCount]! + count - old;
    this.#frames = frames;
    this.#times = times;
    let size = 64;
    while (size < count + 1) size *= 2;
    const ready = new Int32Array(size);
    const mask = this.#ready.length - 1;
    const waiting = (this.#ints[at.readyTail]! - this.#ints[at.readyHead]!) | 0;
    for (let i = 0; i < waiting; i++) ready[i] = this.#ready[(this.#ints[at.readyHead]! + i) & mask]!;
    this.#ints[at.readyHead] = 0;
    this.#ints[at.readyTail] = waiting;
    this.#ready = ready;
    return true;
  }

  #growHeap(): void {
    const time = new Float64Array(this.#heapTime.length * 2);
    time.set(this.#heapTime);
    const info = new Int32Array(this.#heapInfo.length * 2);
    info.set(this.#heapInfo);
    this.#heapTime = time;
    this.#heapInfo = info;
  }

  #growLane(lane: number): void {
    const oldTime = this.#laneTime[lane]!;
    const oldInfo = this.#laneInfo[lane]!;
    const size = oldTime.length;
    const time = new Float64Array(size * 2);
    const info = new Int32Array(size * 8);
    const head = this.#laneHead[lane]!;
    const count = (this.#laneTail[lane]! - head) | 0;
    for (let i = 0; i < count; i++) {
      const from = (head + i) & (size - 1);
      time[i] = oldTime[from]!;
      for (let k = 0; k < 3; k++) info[i * 4 + k] = oldInfo[from * 4 + k]!;
    }
    this.#laneHead[lane] = 0;
    this.#laneTail[lane] = count;
    this.#laneTime[lane] = time;
    this.#laneInfo[lane] = info;
  }

  /** A page for this place of this histogram. */
  #newPage(histogram: number, place: number): number {
    const page = this.pages++;
    if (page * pageSize >= this.pageCounts.length) {
      const counts = new Int32Array(this.pageCounts.length * 2);
      counts.set(this.pageCounts);
      this.pageCounts = counts;
      const info = new Int32Array(this.pageInfo.length * 2);
      info.set(this.pageInfo);
      this.pageInfo = info;
    }
    this.pageTable[histogram * pagesEach + place] = page;
    this.pageInfo[page * 4] = histogram;
    this.pageInfo[page * 4 + 1] = place;
    return page;
  }

  /** Notes that a page has counts in this interval. */
  #touch(page: number): void {
    const histogram = this.pageInfo[page * 4]!;
    this.pageInfo[page * 4 + 2] = this.epoch;
    this.pageInfo[page * 4 + 3] = this.touched[histogram]!;
    this.touched[histogram] = page;
  }

  /** Counts `x` in a histogram; the loop does the same in line for latencies. */
  #record(histogram: number, high: number): void {
    let bucket = (high >> 13) - firstBucket;
    if (bucket < 0) bucket = 0;
    if (bucket > 8191) bucket = 8191;
    let page = this.pageTable[histogram * pagesEach + (bucket >> 5)]!;
    if (page < 0) page = this.#newPage(histogram, bucket >> 5);
    if (this.pageInfo[page * 4 + 2] !== this.epoch) this.#touch(page);
    const place = page * pageSize + (bucket & 31);
    this.pageCounts[place] = this.pageCounts[place]! + 1;
  }

  #observed(latency: number): void {
    this.#floats[at.batchSum] = this.#floats[at.batchSum]! + latency;
    this.#ints[at.batchCount] = this.#ints[at.batchCount]! + 1;
    if (this.#ints[at.batchCount]! < this.batchSize) return;
    this.observe?.(this.#floats[at.batchSum]! / this.#ints[at.batchCount]!, this.now);
    this.#floats[at.batchSum] = 0;
    this.#ints[at.batchCount] = 0;
  }

  /** Takes the state of the stations up or down; what becomes ready is put into `ready`. */
  #fault(index: number, down: boolean): void {
    const fault = this.#program.faults[index]!;
    if (fault.gate >= 0) this.#gates[fault.gate] = this.#gates[fault.gate]! + (down ? 1 : -1);
    if (fault.queue >= 0) this.#queues[fault.queue * 16 + 4] = this.#queues[fault.queue * 16 + 4]! + (down ? 1 : -1);
    for (let i = 0; i < fault.stationCount; i++) {
      const s = (fault.firstStation + i) * 8;
      const before = this.#stations[s + 4]!;
      const after = before + (down ? 1 : -1);
      this.#stations[s + 4] = after;
      if (before === 0) this.#stations[s] = this.#stations[s]! - downOffset;
      if (after === 0) {
        this.#stations[s] = this.#stations[s]! + downOffset;
        this.#wake(s);
      }
    }
    if (down) return;
    if (fault.queue >= 0) this.#dispatch(fault.queue * 16);
    if (fault.worker >= 0) this.#dispatch(this.#workers[fault.worker * 4]!);
  }

  /** Hands free servers to who waits for them. */
  #wake(s: number): void {
    const stations = this.#stations;
    while (stations[s]! > 0 && stations[s + 1]! >= 0) {
      const g = stations[s + 1]!;
      stations[s + 1] = this.#frames[g + 7]!;
      stations[s] = stations[s]! - 1;
      stations[s + 3] = stations[s + 3]! - 1;
      this.#leaveQueue(stations[s + 5]!, stations[s + 6]!);
      this.#times[(g >> 2) + 1] = this.#times[(g >> 2) + 1]! + this.now - this.#times[(g >> 2) + 2]!;
      this.#makeReady(g);
    }
  }

  #leaveQueue(gauge: number, depth: number): void {
    this.gauges[gauge] = this.gauges[gauge]! + this.now;
    this.gaugeCounts[gauge] = this.gaugeCounts[gauge]! - 1;
    this.depths[depth * 2] = this.depths[depth * 2]! - 1;
  }

  #makeReady(f: number): void {
    this.#ready[this.#ints[at.readyTail]! & (this.#ready.length - 1)] = f;
    this.#ints[at.readyTail] = (this.#ints[at.readyTail]! + 1) | 0;
  }

  /** Starts idle workers on the messages of a queue that wait. */
  #dispatch(q: number): void {
    const queues = this.#queues;
    let found = true;
    while (found && queues[q]! >= 0 && queues[q + 4] === 0) {
      found = false;
      for (let i = 0; i < queues[q + 7]! && !found; i++) {
        const worker = this.#takers[queues[q + 8]! + i]!;
        if (this.#stations[this.#workers[worker * 4 + 1]!]! > 0) {
          this.#stations[this.#workers[worker * 4 + 1]!] = this.#stations[this.#workers[worker * 4 + 1]!]! - 1;
          this.#makeReady(this.#take(q, worker));
          found = true;
        }
      }
    }
  }

  /** Takes the first message off its queue and sets it up for this worker, which holds a server for it. */
  #take(q: number, worker: number): number {
    const queues = this.#queues;
    const g = queues[q]!;
    queues[q] = this.#frames[g + 7]!;
    queues[q + 2] = queues[q + 2]! - 1;
    this.depths[queues[q + 6]! * 2] = this.depths[queues[q + 6]! * 2]! - 1;
    this.#taken(queues[q + 5]!, this.now - this.#times[g >> 2]!);
    this.#begin(g, worker);
    return g;
  }

  /** Counts a message that leaves its queue after this wait. */
  #taken(meter: number, wait: number): void {
    const m = meter * 8;
    const meters = this.meters;
    meters[m + 1] = meters[m + 1]! + 1;
    meters[m + 3] = meters[m + 3]! + this.now;
    meters[m + 6] = meters[m + 6]! + wait;
    if (wait > meters[m + 7]!) meters[m + 7] = wait;
    if (wait > 0) {
      bits[0] = wait;
      this.#record(2 * meter + 1, words[1]!);
    }
  }

  #begin(g: number, worker: number): void {
    const meter = this.#workers[worker * 4 + 2]!;
    this.#frames[g] = this.#workers[worker * 4 + 3]!;
    this.#frames[g + 1] = -1;
    this.#frames[g + 6] = this.#workers[worker * 4 + 1]!;
    this.#frames[g + 8] = meter;
    this.#times[g >> 2] = this.now;
    this.#times[(g >> 2) + 1] = 0;
    this.meters[meter * 8] = this.meters[meter * 8]! + 1;
    this.meters[meter * 8 + 3] = this.meters[meter * 8 + 3]! - this.now;
  }

  /**
   * Runs until the next event lies after `limit` (and returns true) or `budget` events have been taken. Where it is
   * cut changes nothing of what is computed.
   */
  run(limit: number, budget: number): boolean {
    if (this.halted !== undefined) return true;
    // Offsets as locals, so that the compiler folds them: ints of a frame …
    const PC = 0;
    const PARENT = 1;
    const GENERATION = 2;
    const PARENT_GENERATION = 3;
    const PENDING = 4;
    const FAIL_PC = 5;
    const STATION = 6;
    const NEXT = 7;
    const METER = 8;
    const REGISTER = 9;
    // … its times (four for each frame, hence f >> 2) …
    const WAITED = 1;
    const SINCE = 2;
    const DRAWN = 3;
    // … and of a station.
    const FREE = 0;
    const HEAD = 1;
    const TAIL = 2;
    const WAITING = 3;
    const DOWN = 4;
    const GAUGE = 5;
    const DEPTH = 6;
    const SERVERS = 7;
    // What to do after an instruction.
    const GO = 0;
    const HOLD = 1;
    const LANE = 2;
    const YIELD = 3;
    const inBlock = 63;

    const code = this.#code;
    const constants = this.#constants;
    const samplers = this.#samplers;
    const sampleNext = samplers.next;
    let samples = samplers.values;
    const meters = this.meters;
    const gauges = this.gauges;
    const gaugeCounts = this.gaugeCounts;
    const depths = this.depths;
    const counters = this.counters;
    const rotation = this.#rotation;
    const S = this.#stations;
    const Q = this.#queues;
    const W = this.#workers;
    const pageTable = this.pageTable;
    let pageCounts = this.pageCounts;
    let pageInfo = this.pageInfo;
    const epoch = this.epoch;
    let F = this.#frames;
    let D = this.#times;
    let ready = this.#ready;
    let readyMask = ready.length - 1;
    let readyHead = this.#ints[at.readyHead]!;
    let readyTail = this.#ints[at.readyTail]!;
    let free = this.#ints[at.free]!;
    let freeCount = this.#ints[at.freeCount]!;
    const reserve = this.#reserve;
    let heapTime = this.#heapTime;
    let heapInfo = this.#heapInfo;
    let heapSize = this.#ints[at.heapSize]!;
    let hole = this.#ints[at.hole] === 1;
    let sequence = this.#ints[at.sequence]!;
    const laneCount = this.#lanes;
    const laneDelay = this.#program.lanes;
    const laneTimes = this.#laneTime;
    const laneInfos = this.#laneInfo;
    const laneHead = this.#laneHead;
    const laneTail = this.#laneTail;
    const laneHeadTime = this.#laneHeadTime;
    const laneHeadSequence = this.#laneHeadSequence;
    let nextLane = this.#ints[at.nextLane]!;
    let nextLaneTime = nextLane < 0 ? Number.POSITIVE_INFINITY : laneHeadTime[nextLane]!;
    let nextLaneSequence = nextLane < 0 ? 0 : laneHeadSequence[nextLane]!;
    let now = this.#floats[at.now]!;
    let left = budget;

    let f = -1;
    let act = YIELD;
    let ended = 0;
    let dt = 0;
    let lane = 0;
    let timer = 0;
    let reached = false;
    /** Frame that goes on at once when the current one has been put into the calendar. */
    let then = -1;
    /** Station at whose end the current frame lines up. */
    let waitsAt = -1;
    let sift = false;
    let putTime = 0;
    let putFrame = 0;
    let putSequence = 0;

    for (;;) {
      if (act === GO) {
        if (freeCount < reserve) {
          this.#ints[at.free] = free;
          this.#ints[at.freeCount] = freeCount;
          this.#ints[at.readyHead] = readyHead;
          this.#ints[at.readyTail] = readyTail;
          if (!this.#growFrames()) {
            this.halted = "inside";
            break;
          }
          F = this.#frames;
          D = this.#times;
          free = this.#ints[at.free]!;
          freeCount = this.#ints[at.freeCount]!;
          ready = this.#ready;
          readyMask = ready.length - 1;
          readyHead = this.#ints[at.readyHead]!;
          readyTail = this.#ints[at.readyTail]!;
        }
        const pc = F[f + PC]!;
        switch (code[pc]) {
          case 1: {
            // source
            let entry = pc + 6;
            const count = code[pc + 4]!;
            if (F[f + REGISTER] === 0)
              F[f + REGISTER] = 1; // the first time only starts the clock
            else {
              if (count > 1) {
                const u = samplers.draw(code[pc + 3]!);
                samples = samplers.values;
                let weight = code[pc + 5]!;
                const last = pc + 4 + 2 * count;
                while (entry < last && u >= constants[weight]!) {
                  weight++;
                  entry += 2;
                }
              }
              const g = free;
              free = F[g + NEXT]!;
              freeCount--;
              const meter = code[entry + 1]!;
              F[g + PC] = code[entry]!;
              F[g + PARENT] = -1;
              F[g + METER] = meter;
              D[g >> 2] = now;
              D[(g >> 2) + WAITED] = 0;
              meters[meter * 8] = meters[meter * 8]! + 1;
              meters[meter * 8 + 3] = meters[meter * 8 + 3]! - now;
              then = g;
            }
            const site = code[pc + 1]!;
            if (site < 0) dt = constants[code[pc + 2]!]!;
            else {
              let place = sampleNext[site]!;
              if ((place & inBlock) === 0) {
                place = samplers.refill(site);
                samples = samplers.values;
              }
              sampleNext[site] = place + 1;
              dt = samples[place]!;
            }
            act = HOLD;
            break;
          }
          case 2: {
            // call
            const g = free;
            free = F[g + NEXT]!;
            freeCount--;
            F[f + PC] = pc + 4;
            F[f + PENDING] = 1;
            F[f + FAIL_PC] = code[pc + 3]!;
            const meter = code[pc + 2]!;
            F[g + PC] = code[pc + 1]!;
            F[g + PARENT] = f;
            F[g + PARENT_GENERATION] = F[f + GENERATION]!;
            D[(g >> 2) + WAITED] = 0;
            if (meter >= 0) {
              F[g + METER] = meter;
              D[g >> 2] = now;
              meters[meter * 8] = meters[meter * 8]! + 1;
              meters[meter * 8 + 3] = meters[meter * 8 + 3]! - now;
            } else {
              F[g + STATION] = F[f + STATION]!;
              F[g + METER] = F[f + METER]!;
            }
            f = g;
            break;
          }
          case 3: // parallel
          case 4: {
            // timed
            const timed = code[pc] === 4;
            const count = timed ? 1 : code[pc + 1]!;
            let operand = timed ? pc + 1 : pc + 3;
            F[f + PENDING] = count;
            F[f + FAIL_PC] = timed ? code[pc + 3]! : code[pc + 2]!;
            F[f + PC] = timed ? pc + 6 : pc + 3 + 2 * count;
            for (let i = 0; i < count; i++) {
              const g = free;
              free = F[g + NEXT]!;
              freeCount--;
              F[g + PC] = code[operand]!;
              F[g + PARENT] = f;
              F[g + PARENT_GENERATION] = F[f + GENERATION]!;
              D[(g >> 2) + WAITED] = 0;
              const meter = code[operand + 1]!;
              if (meter >= 0) {
                F[g + METER] = meter;
                D[g >> 2] = now;
                meters[meter * 8] = meters[meter * 8]! + 1;
                meters[meter * 8 + 3] = meters[meter * 8 + 3]! - now;
              } else {
                F[g + STATION] = F[f + STATION]!;
                F[g + METER] = F[f + METER]!;
              }
              if (i === 0) then = g;
              else {
                ready[readyTail & readyMask] = g;
                readyTail = (readyTail + 1) | 0;
              }
              operand += 2;
            }
            if (!timed) act = YIELD;
            else if (code[pc + 4]! >= 0) {
              lane = code[pc + 4]!;
              timer = 1;
              act = LANE;
            } else {
              // No lane for this delay: a frame of its own waits in the heap.
              const g = free;
              free = F[g + NEXT]!;
              freeCount--;
              F[g + PC] = 0;
              F[g + PARENT] = f;
              F[g + PARENT_GENERATION] = F[f + GENERATION]!;
              dt = constants[code[pc + 5]!]!;
              f = g;
              act = HOLD;
            }
            break;
          }
          case 5: {
            // timer
            const p = F[f + PARENT]!;
            F[f + GENERATION] = (F[f + GENERATION]! + 1) | 0;
            F[f + NEXT] = free;
            free = f;
            freeCount++;
            if (F[p + GENERATION] === F[f + PARENT_GENERATION]) {
              F[p + GENERATION] = (F[p + GENERATION]! + 1) | 0;
              F[p + PC] = F[p + FAIL_PC]!;
              this.#floats[at.timeouts] = this.#floats[at.timeouts]! + 1;
              f = p;
            } else act = YIELD;
            break;
          }
          case 6: {
            // draw
            const site = code[pc + 1]!;
            let place = sampleNext[site]!;
            if ((place & inBlock) === 0) {
              place = samplers.refill(site);
              samples = samplers.values;
            }
            sampleNext[site] = place + 1;
            D[(f >> 2) + DRAWN] = samples[place]!;
            F[f + PC] = pc + 2;
            break;
          }
          case 38: {
            // enter
            const site = code[pc + 1]!;
            let place = sampleNext[site]!;
            if ((place & inBlock) === 0) {
              place = samplers.refill(site);
              samples = samplers.values;
            }
            sampleNext[site] = place + 1;
            dt = samples[place]!;
            let s = code[pc + 2]!;
            if (s < 0) s = F[f + STATION]!;
            else F[f + STATION] = s;
            if (S[s + FREE]! > 0) {
              S[s + FREE] = S[s + FREE]! - 1;
              F[f + PC] = pc + 4;
              act = HOLD;
            } else {
              D[(f >> 2) + DRAWN] = dt;
              F[f + PC] = pc + 3;
              waitsAt = s;
              act = YIELD;
            }
            break;
          }
          case 7: {
            // delay
            const site = code[pc + 1]!;
            let place = sampleNext[site]!;
            if ((place & inBlock) === 0) {
              place = samplers.refill(site);
              samples = samplers.values;
            }
            sampleNext[site] = place + 1;
            dt = samples[place]!;
            F[f + PC] = pc + 2;
            act = HOLD;
            break;
          }
          case 8: // delayDrawn
            dt = D[(f >> 2) + DRAWN]!;
            F[f + PC] = pc + 1;
            act = HOLD;
            break;
          case 9: // delayLane
            lane = code[pc + 1]!;
            F[f + PC] = pc + 2;
            act = LANE;
            break;
          case 10: // delayConstant
            dt = constants[code[pc + 1]!]!;
            F[f + PC] = pc + 2;
            act = HOLD;
            break;
          case 11: {
            // routeRoundRobin
            const turn = rotation[code[pc + 3]!]!;
            const next = turn + 1;
            rotation[code[pc + 3]!] = next === code[pc + 2]! ? 0 : next;
            F[f + STATION] = code[pc + 1]! + turn * 8;
            F[f + PC] = pc + 4;
            break;
          }
          case 12: {
            // routeRandom
            const u = samplers.draw(code[pc + 3]!);
            samples = samplers.values;
            F[f + STATION] = code[pc + 1]! + ((u * code[pc + 2]!) | 0) * 8;
            F[f + PC] = pc + 4;
            break;
          }
          case 13: {
            // routeLeast
            const first = code[pc + 1]!;
            const count = code[pc + 2]!;
            // Ties go round, so that idle replicas share the work.
            let turn = rotation[code[pc + 3]!]!;
            let best = -1;
            let least = 0x7fffffff;
            for (let i = 0; i < count; i++) {
              const s = first + turn * 8;
              const inside = S[s + SERVERS]! - S[s + FREE]! + S[s + WAITING]!;
              if (inside < least) {
                least = inside;
                best = turn;
              }
              turn = turn + 1 === count ? 0 : turn + 1;
            }
            rotation[code[pc + 3]!] = best + 1 === count ? 0 : best + 1;
            F[f + STATION] = first + best * 8;
            F[f + PC] = pc + 4;
            break;
          }
          case 14: // routeChoices
            F[f + STATION] = this.#choose(code[pc + 1]!, code[pc + 2]!, code[pc + 3]!, code[pc + 4]!);
            samples = samplers.values;
            F[f + PC] = pc + 5;
            break;
          case 15: // acquire
          case 16: // acquireRouted
          case 17: // acquireCore
          case 37: {
            // pass
            const op = code[pc]!;
            let s = 0;
            if (op === 16) {
              s = F[f + STATION]!;
              F[f + PC] = pc + 1;
            } else {
              s = code[pc + 1]!;
              F[f + PC] = pc + 2;
              if (op === 15) F[f + STATION] = s;
              else if (op === 17) s = (s + F[f + STATION]!) | 0;
            }
            if (S[s + FREE]! > 0) {
              if (op !== 37) S[s + FREE] = S[s + FREE]! - 1;
            } else {
              waitsAt = s;
              act = YIELD;
            }
            break;
          }
          case 18: {
            // releaseCore
            const s = (code[pc + 1]! + F[f + STATION]!) | 0;
            F[f + PC] = pc + 2;
            const g = S[s + HEAD]!;
            if (g >= 0 && S[s + DOWN] === 0) {
              S[s + HEAD] = F[g + NEXT]!;
              S[s + WAITING] = S[s + WAITING]! - 1;
              const gauge = S[s + GAUGE]!;
              gauges[gauge] = gauges[gauge]! + now;
              gaugeCounts[gauge] = gaugeCounts[gauge]! - 1;
              const d = S[s + DEPTH]! * 2;
              depths[d] = depths[d]! - 1;
              D[(g >> 2) + WAITED] = D[(g >> 2) + WAITED]! + (now - D[(g >> 2) + SINCE]!);
              ready[readyTail & readyMask] = g;
              readyTail = (readyTail + 1) | 0;
            } else S[s + FREE] = S[s + FREE]! + 1;
            break;
          }
          case 19: {
            // busyBegin
            const gauge = code[pc + 1]!;
            gauges[gauge] = gauges[gauge]! - now;
            gaugeCounts[gauge] = gaugeCounts[gauge]! + 1;
            F[f + PC] = pc + 2;
            break;
          }
          case 20: {
            // busyEnd
            const gauge = code[pc + 1]!;
            gauges[gauge] = gauges[gauge]! + now;
            gaugeCounts[gauge] = gaugeCounts[gauge]! - 1;
            F[f + PC] = pc + 2;
            break;
          }
          case 21: // end
          case 22: {
            // endFailed
            const mode = code[pc + 1]!;
            const meter = F[f + METER]!;
            const m = meter * 8;
            const waited = D[(f >> 2) + WAITED]!;
            meters[m + 3] = meters[m + 3]! + now;
            if (code[pc] === 21) {
              ended = 1;
              const latency = now - D[f >> 2]!;
              meters[m + 1] = meters[m + 1]! + 1;
              meters[m + 4] = meters[m + 4]! + latency;
              if (latency > meters[m + 5]!) meters[m + 5] = latency;
              bits[0] = latency;
              let bucket = (words[1]! >> 13) - firstBucket;
              if (bucket < 0) bucket = 0;
              else if (bucket > 8191) bucket = 8191;
              let page = pageTable[meter * 512 + (bucket >> 5)]!;
              if (page < 0) {
                page = this.#newPage(2 * meter, bucket >> 5);
                pageCounts = this.pageCounts;
                pageInfo = this.pageInfo;
              }
              if (pageInfo[page * 4 + 2] !== epoch) this.#touch(page);
              const place = page * 32 + (bucket & 31);
              pageCounts[place] = pageCounts[place]! + 1;
              if ((mode & 2) !== 0) {
                this.#floats[at.now] = now;
                this.#observed(latency);
              }
            } else {
              ended = 2;
              meters[m + 2] = meters[m + 2]! + 1;
            }
            if (waited > 0) {
              meters[m + 6] = meters[m + 6]! + waited;
              if (waited > meters[m + 7]!) meters[m + 7] = waited;
              bits[0] = waited;
              this.#record(2 * meter + 1, words[1]!);
              pageCounts = this.pageCounts;
              pageInfo = this.pageInfo;
            }
            if ((mode & 1) !== 0) {
              const s = F[f + STATION]!;
              const g = S[s + HEAD]!;
              if (g >= 0 && S[s + DOWN] === 0) {
                S[s + HEAD] = F[g + NEXT]!;
                S[s + WAITING] = S[s + WAITING]! - 1;
                const gauge = S[s + GAUGE]!;
                gauges[gauge] = gauges[gauge]! + now;
                gaugeCounts[gauge] = gaugeCounts[gauge]! - 1;
                const d = S[s + DEPTH]! * 2;
                depths[d] = depths[d]! - 1;
                D[(g >> 2) + WAITED] = D[(g >> 2) + WAITED]! + (now - D[(g >> 2) + SINCE]!);
                ready[readyTail & readyMask] = g;
                readyTail = (readyTail + 1) | 0;
              } else S[s + FREE] = S[s + FREE]! + 1;
            } else if ((mode & 4) !== 0) {
              const worker = code[pc + 2]!;
              const s = W[worker * 4 + 1]!;
              const q = W[worker * 4]!;
              if (Q[q]! >= 0 && Q[q + 4] === 0 && S[s + DOWN] === 0) {
                this.#floats[at.now] = now;
                left--;
                const g = this.#take(q, worker);
                pageCounts = this.pageCounts;
                pageInfo = this.pageInfo;
                ready[readyTail & readyMask] = g;
                readyTail = (readyTail + 1) | 0;
              } else S[s + FREE] = S[s + FREE]! + 1;
            }
            break;
          }
          case 23: // blockEnd
          case 24: {
            // blockFailed
            ended = code[pc]! - 22;
            const waited = D[(f >> 2) + WAITED]!;
            const p = F[f + PARENT]!;
            if (waited > 0) {
              // Waits of what goes on after its timeout count where they were spent all the same.
              if (F[p + GENERATION] === F[f + PARENT_GENERATION]) D[(p >> 2) + WAITED] = D[(p >> 2) + WAITED]! + waited;
              else meters[F[f + METER]! * 8 + 6] = meters[F[f + METER]! * 8 + 6]! + waited;
            }
            break;
          }
          case 25: // jump
            F[f + PC] = code[pc + 1]!;
            break;
          case 26: {
            // either
            const u = samplers.draw(code[pc + 1]!);
            samples = samplers.values;
            let weight = code[pc + 3]!;
            let branch = pc + 4;
            const last = pc + 3 + code[pc + 2]!;
            while (branch < last && u >= constants[weight]!) {
              weight++;
              branch++;
            }
            F[f + PC] = code[branch]!;
            break;
          }
          case 27: {
            // lookup
            const u = samplers.draw(code[pc + 1]!);
            samples = samplers.values;
            const counter = code[pc + 3]!;
            if (u < constants[code[pc + 2]!]!) {
              counters[counter] = counters[counter]! + 1;
              F[f + PC] = code[pc + 4]!;
            } else {
              counters[counter + 1] = counters[counter + 1]! + 1;
              F[f + PC] = pc + 5;
            }
            break;
          }
          case 28: {
            // fail
            const site = code[pc + 1]!;
            const u = site < 0 ? 0 : samplers.draw(site);
            samples = samplers.values;
            F[f + PC] = u < constants[code[pc + 2]!]! ? code[pc + 3]! : pc + 4;
            break;
          }
          case 29: // set
            F[f + REGISTER + code[pc + 1]!] = code[pc + 2]!;
            F[f + PC] = pc + 3;
            break;
          case 30: {
            // loop
            const r = f + REGISTER + code[pc + 1]!;
            F[r] = F[r]! - 1;
            F[f + PC] = F[r]! > 0 ? code[pc + 2]! : pc + 3;
            break;
          }
          case 31: {
            // retry
            const r = f + REGISTER + code[pc + 1]!;
            const attempt = F[r]! + 1;
            if (attempt > code[pc + 2]!) {
              F[f + PC] = code[pc + 6]!;
              break;
            }
            F[r] = attempt;
            const c = code[pc + 3]!;
            const cap = constants[c + 2]!;
            dt = constants[c]!;
            for (let i = 1; i < attempt && dt < cap; i++) dt *= constants[c + 1]!;
            if (dt > cap) dt = cap;
            if (code[pc + 4]! >= 0) {
              const jitter = constants[c + 3]!;
              dt *= 1 - jitter + jitter * samplers.draw(code[pc + 4]!);
              samples = samplers.values;
            }
            F[f + PC] = code[pc + 5]!;
            act = HOLD;
            break;
          }
          case 32: {
            // publish
            const q = code[pc + 1]!;
            const meter = Q[q + 5]!;
            meters[meter * 8] = meters[meter * 8]! + 1;
            F[f + PC] = pc + 3;
            let worker = -1;
            if (Q[q + 4] === 0) {
              for (let i = 0; i < Q[q + 7]! && worker < 0; i++) {
                const taker = this.#takers[Q[q + 8]! + i]!;
                if (S[W[taker * 4 + 1]! + FREE]! > 0) worker = taker;
              }
            }
            if (worker < 0 && Q[q + 2]! >= Q[q + 3]!) {
              meters[meter * 8 + 2] = meters[meter * 8 + 2]! + 1;
              F[f + PC] = code[pc + 2]!;
              break;
            }
            const g = free;
            free = F[g + NEXT]!;
            freeCount--;
            if (worker >= 0) {
              const s = W[worker * 4 + 1]!;
              S[s + FREE] = S[s + FREE]! - 1;
              meters[meter * 8 + 1] = meters[meter * 8 + 1]! + 1;
              // Counts as an event: workers that publish to each other could go on for ever at one moment.
              left--;
              this.#floats[at.now] = now;
              this.#begin(g, worker);
              ready[readyTail & readyMask] = g;
              readyTail = (readyTail + 1) | 0;
            } else {
              meters[meter * 8 + 3] = meters[meter * 8 + 3]! - now;
              D[g >> 2] = now;
              F[g + NEXT] = -1;
              if (Q[q]! < 0) Q[q] = g;
              else F[Q[q + 1]! + NEXT] = g;
              Q[q + 1] = g;
              Q[q + 2] = Q[q + 2]! + 1;
              const d = Q[q + 6]! * 2;
              const depth = depths[d]! + 1;
              depths[d] = depth;
              if (depth > depths[d + 1]!) depths[d + 1] = depth;
            }
            break;
          }
          case 33: // refuse
            F[f + PC] = this.#gates[code[pc + 1]!]! > 0 ? code[pc + 2]! : pc + 3;
            break;
          case 34: // faultBegin
          case 35: // faultEnd
            this.#floats[at.now] = now;
            this.#ints[at.readyHead] = readyHead;
            this.#ints[at.readyTail] = readyTail;
            this.#fault(code[pc + 1]!, code[pc] === 34);
            readyTail = this.#ints[at.readyTail]!;
            pageCounts = this.pageCounts;
            pageInfo = this.pageInfo;
            F[f + PC] = pc + 2;
            break;
          case 36: // quit
            F[f + GENERATION] = (F[f + GENERATION]! + 1) | 0;
            F[f + NEXT] = free;
            free = f;
            freeCount++;
            act = YIELD;
            break;
          default:
            throw new Error(`no instruction ${code[pc]} at ${pc}`);
        }
        if (waitsAt >= 0) {
          const s = waitsAt;
          waitsAt = -1;
          D[(f >> 2) + SINCE] = now;
          F[f + NEXT] = -1;
          if (S[s + HEAD]! < 0) S[s + HEAD] = f;
          else F[S[s + TAIL]! + NEXT] = f;
          S[s + TAIL] = f;
          S[s + WAITING] = S[s + WAITING]! + 1;
          const gauge = S[s + GAUGE]!;
          gauges[gauge] = gauges[gauge]! - now;
          gaugeCounts[gauge] = gaugeCounts[gauge]! + 1;
          const d = S[s + DEPTH]! * 2;
          const depth = depths[d]! + 1;
          depths[d] = depth;
          if (depth > depths[d + 1]!) depths[d + 1] = depth;
        } else if (ended !== 0) {
          // The frame is over: whoever still waits for it goes on once all it waits for are over.
          const p = F[f + PARENT]!;
          F[f + GENERATION] = (F[f + GENERATION]! + 1) | 0;
          F[f + NEXT] = free;
          free = f;
          freeCount++;
          act = YIELD;
          if (p >= 0 && F[p + GENERATION] === F[f + PARENT_GENERATION]) {
            if (ended === 2) F[p + PC] = F[p + FAIL_PC]!;
            const pending = F[p + PENDING]! - 1;
            F[p + PENDING] = pending;
            if (pending === 0) {
              F[p + GENERATION] = (F[p + GENERATION]! + 1) | 0;
              f = p;
              act = GO;
            }
          }
          ended = 0;
        }
        if (act === GO) continue;
        if (act === HOLD) {
          sequence = (sequence + 1) | 0;
          putTime = now + dt;
          if (hole) {
            hole = false;
            sift = true;
            putFrame = f;
            putSequence = sequence;
          } else {
            let i = heapSize++;
            if (i === heapTime.length) {
              this.#growHeap();
              heapTime = this.#heapTime;
              heapInfo = this.#heapInfo;
            }
            // What is as early came earlier: it stays above.
            let up = (i - 1) >> 2;
            while (i > 0 && putTime < heapTime[up]!) {
              heapTime[i] = heapTime[up]!;
              heapInfo[2 * i] = heapInfo[2 * up]!;
              heapInfo[2 * i + 1] = heapInfo[2 * up + 1]!;
              i = up;
              up = (i - 1) >> 2;
            }
            heapTime[i] = putTime;
            heapInfo[2 * i] = f;
            heapInfo[2 * i + 1] = sequence;
          }
        } else if (act === LANE) {
          sequence = (sequence + 1) | 0;
          const t = now + laneDelay[lane]!;
          let times = laneTimes[lane]!;
          let infos = laneInfos[lane]!;
          let tail = laneTail[lane]!;
          const length = (tail - laneHead[lane]!) | 0;
          if (length === times.length) {
            this.#growLane(lane);
            times = laneTimes[lane]!;
            infos = laneInfos[lane]!;
            tail = laneTail[lane]!;
          }
          const i = tail & (times.length - 1);
          times[i] = t;
          infos[4 * i] = f | timer;
          infos[4 * i + 1] = sequence;
          infos[4 * i + 2] = F[f + GENERATION]!;
          laneTail[lane] = (tail + 1) | 0;
          timer = 0;
          if (length === 0) {
            laneHeadTime[lane] = t;
            laneHeadSequence[lane] = sequence;
            if (t < nextLaneTime) {
              nextLane = lane;
              nextLaneTime = t;
              nextLaneSequence = sequence;
            }
          }
        }
      }

      if (hole && then < 0 && readyHead === readyTail) {
        hole = false;
        heapSize--;
        if (heapSize > 0) {
          sift = true;
          putTime = heapTime[heapSize]!;
          putFrame = heapInfo[2 * heapSize]!;
          putSequence = heapInfo[2 * heapSize + 1]!;
        }
      }
      if (sift) {
        sift = false;
        let i = 0;
        let child = 1;
        while (child < heapSize) {
          let best = child;
          let bestTime = heapTime[child]!;
          // biome-ignore lint/complexity/useMathMinMax: integers stay integers in every target
          const end = child + 4 < heapSize ? child + 4 : heapSize;
          for (let k = child + 1; k < end; k++) {
            const t = heapTime[k]!;
            if (t < bestTime || (t === bestTime && ((heapInfo[2 * k + 1]! - heapInfo[2 * best + 1]!) | 0) < 0)) {
              best = k;
              bestTime = t;
            }
          }
          if (bestTime < putTime || (bestTime === putTime && ((heapInfo[2 * best + 1]! - putSequence) | 0) < 0)) {
            heapTime[i] = bestTime;
            heapInfo[2 * i] = heapInfo[2 * best]!;
            heapInfo[2 * i + 1] = heapInfo[2 * best + 1]!;
            i = best;
            child = 4 * i + 1;
          } else child = heapSize;
        }
        heapTime[i] = putTime;
        heapInfo[2 * i] = putFrame;
        heapInfo[2 * i + 1] = putSequence;
      }
      if (then >= 0) {
        f = then;
        then = -1;
        act = GO;
        continue;
      }
      if (readyHead !== readyTail) {
        if (left <= 0) {
          act = YIELD;
          break;
        }
        f = ready[readyHead & readyMask]!;
        readyHead = (readyHead + 1) | 0;
        act = GO;
        continue;
      }

      act = YIELD;
      if (
        heapSize > 0 &&
        (heapTime[0]! < nextLaneTime || (heapTime[0] === nextLaneTime && ((heapInfo[1]! - nextLaneSequence) | 0) < 0))
      ) {
        const t = heapTime[0]!;
        if (t > limit) {
          reached = true;
          break;
        }
        if (left <= 0) break;
        left--;
        now = t;
        f = heapInfo[0]!;
        hole = true;
        act = GO;
      } else if (nextLane >= 0) {
        if (nextLaneTime > limit) {
          reached = true;
          break;
        }
        if (left <= 0) break;
        left--;
        now = nextLaneTime;
        const l = nextLane;
        const times = laneTimes[l]!;
        const infos = laneInfos[l]!;
        const mask = times.length - 1;
        let head = laneHead[l]!;
        const tail = laneTail[l]!;
        f = infos[4 * (head & mask)]!;
        if ((f & 1) === 0) act = GO;
        else {
          f = f - 1;
          if (F[f + GENERATION] === infos[4 * (head & mask) + 2]) {
            F[f + GENERATION] = (F[f + GENERATION]! + 1) | 0;
            F[f + PC] = F[f + FAIL_PC]!;
            this.#floats[at.timeouts] = this.#floats[at.timeouts]! + 1;
            act = GO;
          }
        }
        head = (head + 1) | 0;
        // Timers whose frame has gone on are let go here, many at a time.
        while (head !== tail) {
          const i = 4 * (head & mask);
          const id = infos[i]!;
          if ((id & 1) === 0 || F[id - 1 + GENERATION] === infos[i + 2]) break;
          head = (head + 1) | 0;
        }
        laneHead[l] = head;
        if (head === tail) laneHeadTime[l] = Number.POSITIVE_INFINITY;
        else {
          laneHeadTime[l] = times[head & mask]!;
          laneHeadSequence[l] = infos[4 * (head & mask) + 1]!;
        }
        nextLane = -1;
        nextLaneTime = Number.POSITIVE_INFINITY;
        for (let i = 0; i < laneCount; i++) {
          const t = laneHeadTime[i]!;
          if (
            t < nextLaneTime ||
            (t === nextLaneTime && nextLane >= 0 && ((laneHeadSequence[i]! - nextLaneSequence) | 0) < 0)
          ) {
            nextLane = i;
            nextLaneTime = t;
            nextLaneSequence = laneHeadSequence[i]!;
          }
        }
      } else {
        this.halted = "idle";
        reached = true;
        break;
      }
    }

    this.#ints[at.free] = free;
    this.#ints[at.freeCount] = freeCount;
    this.#ints[at.readyHead] = readyHead;
    this.#ints[at.readyTail] = readyTail;
    this.#ints[at.heapSize] = heapSize;
    this.#ints[at.hole] = hole ? 1 : 0;
    this.#ints[at.sequence] = sequence;
    this.#ints[at.nextLane] = nextLane;
    this.#floats[at.events] = this.#floats[at.events]! + budget - left;
    this.#floats[at.now] = now;
    return reached;
  }

  /** Power of d choices: the least busy of d replicas drawn without replacement; the first drawn wins ties. */
  #choose(first: number, count: number, choices: number, site: number): number {
    const taken = this.#drawn;
    let best = -1;
    let least = 0x7fffffff;
    for (let k = 0; k < choices; k++) {
      // The r-th of those not yet drawn, by stepping over the drawn ones in ascending order.
      let r = (this.#samplers.draw(site) * (count - k)) | 0;
      let position = 0;
      while (position < k && r >= taken[position]!) {
        r++;
        position++;
      }
      for (let i = k; i > position; i--) taken[i] = taken[i - 1]!;
      taken[position] = r;
      const s = first + r * 8;
      const inside = this.#stations[s + 7]! - this.#stations[s]! + this.#stations[s + 3]!;
      if (inside < least) {
        least = inside;
        best = s;
      }
    }
    return best;
  }
}

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);
