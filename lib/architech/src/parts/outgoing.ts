import { messageInts } from "../engine/machine.js";
import { its } from "./exchange.js";

/** Messages on their way out of a part, where a window takes so many at most: the others come with the next. */
export class Outgoing {
  readonly #room: number;
  /** Messages for which there was no room. */
  #held: Int32Array | undefined;

  /** `room`: messages of a window. */
  constructor(room: number) {
    this.#room = room * messageInts;
  }

  /** Those that go now, older ones first. The part's report says of the others that they are held, and when they arrive. */
  take(report: Float64Array, messages: Int32Array): Int32Array {
    if (this.#held === undefined && messages.length <= this.#room) return messages;
    const all = this.#held === undefined ? messages.slice() : joined(this.#held, messages);
    const now = Math.min(all.length, this.#room);
    this.#held = now < all.length ? all.slice(now) : undefined;
    report[its.held] = (all.length - now) / messageInts;
    const doubles = new Float64Array(all.buffer);
    for (let i = 0; i < all.length; i += messageInts) {
      const place = its.arrivals + all[i + 6]!;
      report[place] = Math.min(report[place]!, doubles[i >> 1]!);
    }
    return all.subarray(0, now);
  }
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const whole = new Int32Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
