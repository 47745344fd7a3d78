import { messageInts } from "../engine/machine.js";
import { its, type WindowBarrier } from "../parts/exchange.js";
import { Outgoing } from "../parts/outgoing.js";

/** Places of ints in front: parts that have handed out, windows that are over, parts that sleep, whether it is given up. */
const at = { arrived: 0, window: 1, asleep: 2, closed: 3 } as const;
const head = 4;

/** How often a part looks before it sleeps: about as long as it takes to be woken. */
const looks = 4_000;

/** The memory that the parts of a model share. */
export interface SharedWindows {
  readonly buffer: SharedArrayBuffer;
  readonly parts: number;
  /** Messages of a part for which there is room in a window. */
  readonly room: number;
}

/** Memory for so many parts. */
export function sharedWindows(parts: number, room = 16_384): SharedWindows {
  const { bytes } = places({ parts, room });
  return { buffer: new SharedArrayBuffer(bytes), parts, room };
}

function places({ parts, room }: Pick<SharedWindows, "parts" | "room">): {
  reportDoubles: number;
  reports: number;
  counts: number;
  messages: number;
  bytes: number;
} {
  const reportDoubles = its.arrivals + parts;
  // Everything twice: one window is read while the next is written.
  const reports = 8 * Math.ceil(head / 2);
  const counts = reports + 8 * 2 * parts * reportDoubles;
  const messages = counts + 8 * parts;
  return { reportDoubles, reports, counts, messages, bytes: messages + 4 * 2 * parts * room * messageInts };
}

/**
 * Threads hand each other reports and messages in memory that they share, and wait at a barrier. What was written before
 * a part counts itself in is read after the last has: the memory model of JavaScript orders it by the atomic counts.
 */
export class SharedExchange implements WindowBarrier {
  readonly #index: number;
  readonly #parts: number;
  readonly #ints: Int32Array;
  /** By half, then by part. */
  readonly #reports: readonly (readonly Float64Array[])[];
  readonly #counts: readonly Int32Array[];
  readonly #messages: readonly (readonly Int32Array[])[];
  readonly #outgoing: Outgoing;
  #half = 0;
  #awaited = 0;

  constructor({ buffer, parts, room }: SharedWindows, index: number) {
    this.#index = index;
    this.#parts = parts;
    this.#outgoing = new Outgoing(room);
    this.#ints = new Int32Array(buffer, 0, head);
    const { reportDoubles, reports, counts, messages } = places({ parts, room });
    const ints = room * messageInts;
    const halves = <T>(make: (place: number) => T): T[][] =>
      [0, 1].map((half) => Array.from({ length: parts }, (_, part) => make(half * parts + part)));
    this.#reports = halves((i) => new Float64Array(buffer, reports + 8 * i * reportDoubles, reportDoubles));
    this.#counts = [0, 1].map((half) => new Int32Array(buffer, counts + 4 * half * parts, parts));
    this.#messages = halves((i) => new Int32Array(buffer, messages + 4 * i * ints, ints));
  }

  give(report: Float64Array, messages: Int32Array): void {
    this.#awaited = Atomics.load(this.#ints, at.window);
    const own = this.#reports[this.#half]![this.#index]!;
    own.set(report);
    const now = this.#outgoing.take(own, messages);
    this.#messages[this.#half]![this.#index]!.set(now);
    this.#counts[this.#half]![this.#index] = now.length;
    if (Atomics.add(this.#ints, at.arrived, 1) + 1 < this.#parts) return;
    Atomics.store(this.#ints, at.arrived, 0);
    Atomics.add(this.#ints, at.window, 1);
    if (Atomics.load(this.#ints, at.asleep) > 0) Atomics.notify(this.#ints, at.window);
  }

  wait(ms: number): boolean {
    const ints = this.#ints;
    for (let look = 0; look < looks; look++) if (this.#isOver()) return this.#turn();
    if (Atomics.load(ints, at.closed) === 1) return false;
    Atomics.add(ints, at.asleep, 1);
    Atomics.wait(ints, at.window, this.#awaited, ms);
    Atomics.sub(ints, at.asleep, 1);
    return this.#isOver() && this.#turn();
  }

  #isOver(): boolean {
    return Atomics.load(this.#ints, at.window) !== this.#awaited;
  }

  #turn(): true {
    this.#half = 1 - this.#half;
    return true;
  }

  report(part: number): Float64Array {
    return this.#reports[1 - this.#half]![part]!;
  }

  messages(part: number): Int32Array {
    return this.#messages[1 - this.#half]![part]!.subarray(0, this.#counts[1 - this.#half]![part]!);
  }

  get isClosed(): boolean {
    return Atomics.load(this.#ints, at.closed) === 1;
  }

  close(): void {
    Atomics.store(this.#ints, at.closed, 1);
    Atomics.notify(this.#ints, at.window);
  }
}
