import { messageInts } from "../engine/machine.js";
import { type Exchange, its } from "../parts/exchange.js";

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
export class SharedExchange implements Exchange {
  readonly #index: number;
  readonly #parts: number;
  readonly #room: number;
  readonly #ints: Int32Array;
  /** By half, then by part. */
  readonly #reports: readonly (readonly Float64Array[])[];
  readonly #counts: readonly Int32Array[];
  readonly #messages: readonly (readonly Int32Array[])[];
  /** Messages for which there was no room. */
  #held: Int32Array[] = [];
  #half = 0;
  #awaited = 0;

  constructor({ buffer, parts, room }: SharedWindows, index: number) {
    this.#index = index;
    this.#parts = parts;
    this.#room = room * messageInts;
    this.#ints = new Int32Array(buffer, 0, head);
    const { reportDoubles, reports, counts, messages } = places({ parts, room });
    const halves = <T>(make: (place: number) => T): T[][] =>
      [0, 1].map((half) => Array.from({ length: parts }, (_, part) => make(half * parts + part)));
    this.#reports = halves((i) => new Float64Array(buffer, reports + 8 * i * reportDoubles, reportDoubles));
    this.#counts = [0, 1].map((half) => new Int32Array(buffer, counts + 4 * half * parts, parts));
    this.#messages = halves((i) => new Int32Array(buffer, messages + 4 * i * this.#room, this.#room));
  }

  give(report: Float64Array, messages: Int32Array): void {
    this.#awaited = Atomics.load(this.#ints, at.window);
    const own = this.#reports[this.#half]![this.#index]!;
    own.set(report);
    this.#counts[this.#half]![this.#index] = this.#write(own, messages);
    if (Atomics.add(this.#ints, at.arrived, 1) + 1 < this.#parts) return;
    Atomics.store(this.#ints, at.arrived, 0);
    Atomics.add(this.#ints, at.window, 1);
    if (Atomics.load(this.#ints, at.asleep) > 0) Atomics.notify(this.#ints, at.window);
  }

  /** Writes as many messages as there is room for, older ones first, and returns their ints. */
  #write(report: Float64Array, messages: Int32Array): number {
    const to = this.#messages[this.#half]![this.#index]!;
    if (this.#held.length === 0 && messages.length <= this.#room) {
      to.set(messages);
      return messages.length;
    }
    const all = joined([...this.#held, messages]);
    const now = Math.min(all.length, this.#room);
    to.set(all.subarray(0, now));
    this.#held = now < all.length ? [all.slice(now)] : [];
    report[its.held] = (all.length - now) / messageInts;
    const doubles = new Float64Array(all.buffer);
    for (let i = 0; i < all.length; i += messageInts) {
      const place = its.arrivals + all[i + 6]!;
      report[place] = Math.min(report[place]!, doubles[i >> 1]!);
    }
    return now;
  }

  /** Waits until the window is over everywhere, for so long at most; false when it is not, or never will be. */
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

  /** Whether the one who began it needs it no more. */
  get isClosed(): boolean {
    return Atomics.load(this.#ints, at.closed) === 1;
  }

  /** Nobody shall wait any more. */
  close(): void {
    Atomics.store(this.#ints, at.closed, 1);
    Atomics.notify(this.#ints, at.window);
  }
}

function joined(all: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(all.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const messages of all) {
    whole.set(messages, to);
    to += messages.length;
  }
  return whole;
}
