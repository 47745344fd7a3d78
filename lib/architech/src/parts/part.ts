import { type Machine, messageInts, tieDoubles } from "../engine/machine.js";
import { Blocks } from "./blocks.js";

/** Why a run in parts cannot be as one sequence: it has to be one. */
export class NotParted extends Error {
  override readonly name = "NotParted";
}

/** One part of a model: a machine that has the whole program and starts only what is its own, and takes and sends messages. */
export class Part {
  readonly index: number;
  readonly machine: Machine;
  readonly #blocks = new Blocks();
  #isOver = true;

  constructor(index: number, machine: Machine) {
    this.index = index;
    this.machine = machine;
    this.begin();
  }

  /** Begins a window, unless the one before has not come to its end. Messages that are taken from now on belong to it. */
  begin(): void {
    if (!this.#isOver) return;
    const { room } = this.#blocks;
    this.#blocks.begin(this.machine.reserveNumbers(room), room);
    this.#isOver = false;
  }

  /**
   * Takes those of a part's messages that are for this one, in the order of sending: `messageInts` ints each (see
   * `engine/core/cut.ts`), `count` in all.
   */
  take(from: number, messages: Int32Array, count: number): void {
    const doubles = new Float64Array(messages.buffer, messages.byteOffset, messages.length >> 1);
    for (let i = 0, d = 0; i < count * messageInts; i += messageInts, d += messageInts / 2) {
      if (messages[i + 6] !== this.index) continue;
      const sent = doubles[d + 1]!;
      this.machine.admit(
        doubles[d]!,
        sent,
        doubles[d + 2]!,
        from,
        messages[i + 7]!,
        messages[i + 8]!,
        messages[i + 9]!,
        messages[i + 10]!,
        messages[i + 11]!,
        this.#blocks.number(sent),
      );
    }
  }

  /** Runs on until all up to `limit` has happened (true), or `budget` events have. Throws `NotParted`. */
  run(limit: number, budget: number): boolean {
    const reached = this.machine.run(limit, budget);
    this.#judge();
    if (reached) {
      this.#blocks.end(limit);
      this.#isOver = true;
    }
    return reached;
  }

  /** Throws unless each message that arrived together with something else came where it does in one sequence. */
  #judge(): void {
    const ties = this.machine.takeTies();
    for (let at = 0; at < ties.length; at += tieDoubles) {
      const [moment, sent, from, isMessage, otherSent, otherFrom, number] = ties.subarray(at, at + tieDoubles);
      const known =
        isMessage === 1
          ? !this.#blocks.crowded && (from === otherFrom || sent! < otherSent!)
          : this.#blocks.isLater(number!, sent!);
      if (!known)
        throw new NotParted(
          `at ${Number((moment! / 1000).toPrecision(6))} s of simulated time two parts do something at the same moment, and which comes first is known only where one does both`,
        );
    }
  }
}
