import type { Machine } from "../engine/machine.js";
import type { Program } from "../engine/program.js";
import { loadSpecialiser, specialiser } from "../engine/specialiser.js";

/** Events of a task before it is said how many it will be. */
const enough = 500_000;

const takenBy = new WeakMap<Program, number>();

/**
 * Lets a machine go on with a core of its own where that saves more time than it takes to make. What is computed stays
 * the same. How the figures were measured: docs/decisions/engine-specialised.md.
 */
export class Hastening {
  readonly #machine: Machine;
  readonly #program: Program;
  /** So many events with a core of its own save as much time as it takes to make. */
  readonly #even: number;
  #counted = 0;
  #done = false;

  constructor(machine: Machine, program: Program) {
    this.#machine = machine;
    this.#program = program;
    this.#even = 4_000_000 + 60_000 * program.code.length;
  }

  /** To be asked now and then; this share of the task is done. */
  consider(share: number): void {
    if (this.#done) return;
    const { events } = this.#machine;
    const taken = (takenBy.get(this.#program) ?? 0) + events - this.#counted;
    this.#counted = events;
    takenBy.set(this.#program, taken);
    // Who has taken so many by now may well take as many again; of a task it can be told.
    const ahead = events > enough && share > 0 ? events / share - events : 0;
    if (taken < this.#even && ahead < 1.5 * this.#even) return;
    const specialise = specialiser();
    if (specialise === undefined) return void loadSpecialiser();
    this.#done = true;
    this.#machine.specialise(specialise);
  }
}
