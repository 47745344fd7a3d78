import { type Machine, messageInts } from "../engine/machine.js";
import { type Notes, NotesReader, NotesWriter } from "../engine/notes.js";
import { type Exchange, its, partState, windowEvents } from "./exchange.js";
import { NotParted, Part } from "./part.js";
import type { PartCheckpoint } from "./part-state.js";
import { before, Windows } from "./windows.js";

/** Goes with one part from window to window. All parts do the same, and each sees from the reports of all what to do next. */
export class PartRunner {
  readonly machine: Machine;
  /** What the last reports say: events and frames inside of all, and the latest moment that any of them has reached. */
  events = 0;
  inside = 0;
  now = 0;
  /** Messages of any of them that are still to be handed out. */
  held = 0;
  /** The worst state of any of them, and the moment that belongs to it. */
  state: number = partState.well;
  moment = 0;
  /** Up to when all shall run: what part 0 says. */
  limit = 0;
  readonly #part: Part;
  readonly #parts: number;
  readonly #windows: Windows;
  readonly #exchange: Exchange;
  readonly #next: Float64Array;
  readonly #report: Float64Array;
  readonly #maxInside: number;
  /** When the first message may arrive that is still to be handed to this part. */
  #awaited: number = Number.POSITIVE_INFINITY;

  constructor(machine: Machine, index: number, latencies: Float64Array, exchange: Exchange, maxInside: number) {
    this.#maxInside = maxInside;
    this.machine = machine;
    this.#parts = Math.sqrt(latencies.length);
    this.#part = new Part(index, machine);
    this.#windows = new Windows(this.#parts, latencies);
    this.#exchange = exchange;
    this.#next = new Float64Array(this.#parts);
    this.#report = new Float64Array(its.arrivals + this.#parts);
  }

  /** How far this part is, between two windows up to a moment that all have reached, and nothing is held. */
  save(): PartCheckpoint {
    const notes = new NotesWriter();
    this.#keep(notes);
    return { memory: this.machine.save(), notes: notes.written };
  }

  /** Goes on from there. Throws `checkpoint-refused`. */
  load({ memory, notes: written }: PartCheckpoint): void {
    this.machine.load(memory);
    const notes = new NotesReader(written);
    this.#keep(notes);
    notes.end();
  }

  #keep(notes: Notes): void {
    this.events = notes.number(this.events);
    this.inside = notes.number(this.inside);
    this.now = notes.number(this.now);
    this.#part.keep(notes);
  }

  /** Whether all up to the limit has happened everywhere. */
  get isReached(): boolean {
    return this.#next.every((next) => next > this.limit);
  }

  /** Runs as far as it may and hands out what comes of it. `limit`: of the window after. */
  run(limit = 0): void {
    let state: number = this.machine.halted === "inside" ? partState.full : partState.well;
    let moment = 0;
    const horizon = Math.min(this.#awaited, this.#windows.horizon(this.#part.index, this.#next));
    try {
      this.#part.run(Math.min(this.limit, before(horizon)), windowEvents);
      if (this.machine.halted === "inside") state = partState.full;
    } catch (cause) {
      if (!(cause instanceof NotParted)) throw cause;
      state = partState.tied;
      moment = cause.moment;
    }
    this.give(limit, state, moment);
  }

  /** Hands out what there is. */
  give(limit = 0, state: number = partState.well, moment = 0): void {
    const { machine } = this;
    const report = this.#report;
    const messages = machine.takeSent();
    report[its.next] = machine.nextTime;
    report[its.now] = machine.now;
    report[its.events] = machine.events;
    report[its.inside] = machine.inside;
    report[its.state] = state;
    report[its.moment] = moment;
    report[its.limit] = limit;
    report[its.held] = 0;
    report.fill(Number.POSITIVE_INFINITY, its.arrivals);
    const doubles = new Float64Array(messages.buffer, messages.byteOffset, messages.length >> 1);
    for (let i = 0; i < messages.length; i += messageInts) {
      const to = its.arrivals + messages[i + 6]!;
      const arrives = doubles[i >> 1]!;
      if (arrives < report[to]!) report[to] = arrives;
    }
    this.#exchange.give(report, messages);
  }

  /** Takes what the others have handed out, once all have. */
  take(): void {
    this.#part.begin();
    this.events = 0;
    this.inside = 0;
    this.held = 0;
    this.state = partState.well;
    const next = this.#next;
    for (let part = 0; part < this.#parts; part++) {
      const report = this.#exchange.report(part);
      next[part] = report[its.next]!;
      this.events += report[its.events]!;
      this.inside += report[its.inside]!;
      this.held += report[its.held]!;
      this.now = Math.max(this.now, report[its.now]!);
      if (report[its.state]! > this.state) {
        this.state = report[its.state]!;
        this.moment = report[its.moment]!;
      }
      if (part === 0) this.limit = report[its.limit]!;
    }
    if (this.inside > this.#maxInside) this.state = Math.max(this.state, partState.full);
    this.#awaited = Number.POSITIVE_INFINITY;
    for (let from = 0; from < this.#parts; from++) {
      const report = this.#exchange.report(from);
      const first = report[its.arrivals + this.#part.index]!;
      if (report[its.held]! > 0 && first < this.#awaited) this.#awaited = first;
      for (let to = 0; to < this.#parts; to++) {
        const arrives = report[its.arrivals + to]!;
        if (arrives < next[to]!) next[to] = arrives;
      }
      if (from !== this.#part.index && first < Number.POSITIVE_INFINITY)
        this.#part.take(from, this.#exchange.messages(from));
    }
  }
}
