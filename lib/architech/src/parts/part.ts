import { type Machine, tieDoubles } from "../engine/machine.js";
import type { Notes } from "../engine/notes.js";
import { Blocks } from "./blocks.js";

/** Why a run in parts cannot be as one sequence, at a moment of simulated time: it has to be one. */
export class NotParted extends Error {
  override readonly name = "NotParted";
  readonly moment: number;

  constructor(message: string, moment: number = Number.NaN) {
    super(message);
    this.moment = moment;
  }

  /** At that moment the order of what two parts do is not known. */
  static tied(moment: number): NotParted {
    const seconds = Number((moment / 1000).toPrecision(6));
    return new NotParted(
      `at ${seconds} s of simulated time two parts do something at the same moment, and which of it comes first is known only where one does both`,
      moment,
    );
  }
}

/** Parts that other processes had are lost: nothing is wrong with the task, which goes on from its last checkpoint. */
export class PartsLost extends Error {
  override readonly name = "PartsLost";
}

/** One part of a model: a machine that has the whole program and starts only what is its own, and takes and sends messages. */
export class Part {
  readonly index: number;
  readonly machine: Machine;
  readonly #blocks = new Blocks();
  readonly #number = (sent: number): number => this.#blocks.number(sent);
  #isOver = true;

  constructor(index: number, machine: Machine) {
    this.index = index;
    this.machine = machine;
    this.begin();
  }

  /** Writes down what is not in the machine's memory, or goes on with it. */
  keep(notes: Notes): void {
    this.#isOver = notes.number(this.#isOver ? 1 : 0) === 1;
    this.#blocks.keep(notes);
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
   * `engine/core/cut.ts`).
   */
  take(from: number, messages: Int32Array): void {
    this.machine.admit(from, this.index, messages, this.#number);
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
      if (!known) throw NotParted.tied(moment!);
    }
  }
}
