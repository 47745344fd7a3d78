import type { Notes } from "../engine/notes.js";

/** Windows that are remembered: older messages than these are put before all of them. */
const remembered = 1024;
/** Numbers that a window keeps for messages, at least and at most. */
const leastRoom = 64;
const mostRoom = 1 << 20;

/**
 * The numbers by which a part puts messages among its own events of the same moment. In one sequence an event has its
 * number when it is put into the calendar, and a message when it is sent. So each window keeps a block of numbers in
 * front of its own: a message that was sent during it comes after all that was put in before, and before all that was put
 * in later. Of what was put in during the same window it is not known.
 */
export class Blocks {
  readonly #first = new Int32Array(remembered);
  readonly #room = new Int32Array(remembered);
  readonly #given = new Int32Array(remembered);
  /** Up to when each window ran. */
  readonly #until = new Float64Array(remembered);
  #open = -1;
  #most = 0;
  /** Whether some window had more messages than numbers: those have the last one together. */
  crowded = false;

  /** Writes down what is remembered, or goes on with it. */
  keep(notes: Notes): void {
    this.#open = notes.number(this.#open);
    this.#most = notes.number(this.#most);
    this.crowded = notes.number(this.crowded ? 1 : 0) === 1;
    const known = Math.min(this.#open + 1, remembered);
    for (const ints of [this.#first, this.#room, this.#given]) ints.set(notes.ints(ints.subarray(0, known)));
    this.#until.set(notes.doubles(this.#until.subarray(0, known)));
  }

  /** How many numbers the next window should keep. */
  get room(): number {
    return Math.min(mostRoom, Math.max(leastRoom, 2 * this.#most));
  }

  /** A window begins, whose block begins at this number. */
  begin(first: number, room: number): void {
    const at = ++this.#open % remembered;
    this.#first[at] = first;
    this.#room[at] = room;
    this.#given[at] = 0;
    this.#until[at] = Number.POSITIVE_INFINITY;
  }

  /** All up to then has happened: the window is over. */
  end(until: number): void {
    const at = this.#open % remembered;
    this.#until[at] = until;
    this.#most = Math.max(this.#most, this.#given[at]!);
  }

  /** The number of a message that was sent then. */
  number(sent: number): number {
    const at = this.#windowOf(sent) % remembered;
    const given = this.#given[at]!;
    const last = this.#room[at]! - 1;
    this.#given[at] = given + 1;
    if (given > last) this.crowded = true;
    return (this.#first[at]! + Math.min(given, last)) | 0;
  }

  /** Whether what has this number was put into the calendar after a message was sent then, for certain. */
  isLater(number: number, sent: number): boolean {
    const window = this.#windowOf(sent);
    if (window === this.#open) return false;
    return ((number - this.#first[(window + 1) % remembered]!) | 0) >= 0;
  }

  /** The window during which something was sent, the last one when that is still to come. */
  #windowOf(sent: number): number {
    const oldest = Math.max(0, this.#open - remembered + 1);
    let window = this.#open;
    while (window > oldest && this.#until[(window - 1) % remembered]! >= sent) window--;
    return window;
  }
}
