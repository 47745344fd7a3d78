import type { LinePlan } from "./plan.js";
import { Spans } from "./spans.js";

/** What a line counts in. */
interface Tables {
  readonly gauges: Float64Array;
  readonly gaugeCounts: Int32Array;
  readonly depths: Int32Array;
  readonly counters: Float64Array;
}

/** One of the stations behind a line. */
class Replica {
  /** When each server is free, as a heap: the first is the earliest. */
  readonly free: Float64Array;
  /** When those that wait will be served, in that order; the part between head and tail is of interest. */
  #starts = new Float64Array(64);
  #head = 0;
  #tail = 0;

  constructor(servers: number) {
    this.free = new Float64Array(servers);
  }

  /** How many wait at a time not before that of the last call. */
  waitingAt(time: number): number {
    while (this.#head < this.#tail && this.#starts[this.#head & (this.#starts.length - 1)]! <= time) this.#head++;
    return this.#tail - this.#head;
  }

  wait(until: number): void {
    const { length } = this.#starts;
    if (this.#tail - this.#head === length) {
      const grown = new Float64Array(2 * length);
      for (let i = this.#head; i < this.#tail; i++) grown[i & (2 * length - 1)] = this.#starts[i & (length - 1)]!;
      this.#starts = grown;
    }
    this.#starts[this.#tail++ & (this.#starts.length - 1)] = until;
  }

  /** The server that was free first is free again at `time`. */
  hold(time: number): void {
    const { free } = this;
    const { length } = free;
    let i = 0;
    for (let child = 1; child < length; child = 2 * i + 1) {
      if (child + 1 < length && free[child + 1]! < free[child]!) child++;
      if (free[child]! >= time) break;
      free[i] = free[child]!;
      i = child;
    }
    free[i] = time;
  }
}

/**
 * A line in front of servers, first come, first served: who comes begins when a server is free, which follows from those
 * before. For one server that is D. V. Lindley's recursion ("The theory of queues with a single server", 1952), for
 * several J. Kiefer's and J. Wolfowitz's ("On the theory of queues with many servers", 1955), here by times of the clock.
 */
export class Line {
  readonly plan: LinePlan;
  /** Where those of the last block came from that were let in, and how many they are. */
  readonly places: Int32Array;
  readonly #replicas: readonly Replica[];
  readonly #tables: Tables;
  readonly #waits: Spans;
  #turn = 0;
  /** Depths that are reached later than what is counted: when, and how deep. */
  #late: number[] = [];
  #lateRejections: number[] = [];

  constructor(plan: LinePlan, block: number, tables: Tables) {
    this.plan = plan;
    this.places = new Int32Array(block);
    this.#replicas = Array.from({ length: plan.replicas }, () => new Replica(plan.servers));
    this.#tables = tables;
    this.#waits = new Spans(tables, plan.gauge);
  }

  /**
   * Takes the block's arrivals `at`, in order, and sets when each begins and how long it has waited. What each holds a
   * server for is the sum of its `works`. Returns how many were let in; `places` says which, where some were not.
   */
  serve(at: Float64Array, waited: Float64Array, works: readonly Float64Array[], count: number, edge: number): number {
    const { room, servers, replicas } = this.plan;
    const first = works[0];
    if (servers === 1 && replicas === 1 && room === Number.POSITIVE_INFINITY && works.length === 1)
      return this.#serveAlone(at, waited, first!, count, edge);
    let inside = 0;
    for (let i = 0; i < count; i++) {
      const time = at[i]!;
      const replica = this.#replicas[this.#turn]!;
      this.#turn = this.#turn + 1 === replicas ? 0 : this.#turn + 1;
      const free = replica.free[0]!;
      let begin = time;
      if (free > time) {
        if (room !== Number.POSITIVE_INFINITY && replica.waitingAt(time) >= room) {
          this.#reject(time, edge);
          continue;
        }
        begin = free;
        this.#wait(replica, time, free, edge);
      }
      let end = begin;
      for (let k = 0; k < works.length; k++) end += works[k]![i]!;
      replica.hold(end);
      this.places[inside] = i;
      at[inside] = begin;
      waited[inside++] = begin - time;
    }
    return inside;
  }

  /** The same for one server that holds each for one work. */
  #serveAlone(at: Float64Array, waited: Float64Array, work: Float64Array, count: number, edge: number): number {
    const replica = this.#replicas[0]!;
    let free = replica.free[0]!;
    for (let i = 0; i < count; i++) {
      const time = at[i]!;
      if (free > time) {
        this.#wait(replica, time, free, edge);
        waited[i] = free - time;
        at[i] = free;
        free += work[i]!;
      } else {
        waited[i] = 0;
        free = time + work[i]!;
      }
    }
    replica.free[0] = free;
    return count;
  }

  /** Counts what lay ahead, up to another time. */
  move(edge: number): void {
    this.#waits.move(edge);
    const { counters, depths, gaugeCounts } = this.#tables;
    const late = this.#late;
    let i = 0;
    for (; i < late.length && late[i]! <= edge; i += 2) this.#reach(late[i + 1]!);
    if (i > 0) late.splice(0, i);
    const rejections = this.#lateRejections;
    let k = 0;
    for (; k < rejections.length && rejections[k]! <= edge; k++) counters[this.plan.rejections]!++;
    if (k > 0) rejections.splice(0, k);
    depths[2 * this.plan.depth] = gaugeCounts[this.plan.gauge]!;
  }

  /** Brings the depth up to date with what waits at the time up to which all is counted. */
  settle(): void {
    this.#tables.depths[2 * this.plan.depth] = this.#tables.gaugeCounts[this.plan.gauge]!;
  }

  #wait(replica: Replica, from: number, to: number, edge: number): void {
    let depth = replica.waitingAt(from) + 1;
    replica.wait(to);
    for (const other of this.#replicas) if (other !== replica) depth += other.waitingAt(from);
    this.#waits.add(from, to, edge);
    if (from <= edge) this.#reach(depth);
    else this.#late.push(from, depth);
  }

  #reach(depth: number): void {
    const place = 2 * this.plan.depth + 1;
    if (depth > this.#tables.depths[place]!) this.#tables.depths[place] = depth;
  }

  #reject(time: number, edge: number): void {
    if (time > edge) this.#lateRejections.push(time);
    else if (this.plan.rejections >= 0) this.#tables.counters[this.plan.rejections]!++;
  }
}
