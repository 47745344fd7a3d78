import { ArchitechError } from "@architech/protocol";

/**
 * Numbers that are kept outside of a machine's memory, written down one behind the other or read again: whoever has some
 * goes through them in one way for both, and takes what it is given in place of what it had.
 */
export interface Notes {
  number(value: number): number;
  doubles(values: Float64Array): Float64Array;
  ints(values: Int32Array): Int32Array;
  /** `each` is given nothing where an item is read. */
  list<T>(items: readonly T[], each: (item: T | undefined) => T): T[];
}

/** Writes notes down. */
export class NotesWriter implements Notes {
  #all: Float64Array<ArrayBuffer> = new Float64Array(1024);
  #length = 0;

  /** What was written, as a copy. */
  get written(): Float64Array<ArrayBuffer> {
    return this.#all.slice(0, this.#length);
  }

  number(value: number): number {
    this.#reserve(1);
    this.#all[this.#length++] = value;
    return value;
  }

  doubles(values: Float64Array): Float64Array {
    this.#add(values);
    return values;
  }

  ints(values: Int32Array): Int32Array {
    this.#add(values);
    return values;
  }

  list<T>(items: readonly T[], each: (item: T | undefined) => T): T[] {
    this.number(items.length);
    return items.map((item) => each(item));
  }

  #add(values: Float64Array | Int32Array): void {
    this.#reserve(values.length + 1);
    this.#all[this.#length++] = values.length;
    this.#all.set(values, this.#length);
    this.#length += values.length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#all.length) return;
    const grown = new Float64Array(Math.max(needed, 2 * this.#all.length));
    grown.set(this.#all);
    this.#all = grown;
  }
}

/** Reads notes; what ends too soon, or does not end, is `checkpoint-refused`. */
export class NotesReader implements Notes {
  readonly #all: Float64Array;
  #next = 0;

  constructor(written: Float64Array) {
    this.#all = written;
  }

  number(): number {
    return this.#take(1)[0]!;
  }

  doubles(): Float64Array {
    return this.#take(this.#count()).slice();
  }

  ints(): Int32Array {
    return Int32Array.from(this.#take(this.#count()));
  }

  list<T>(_: readonly T[], each: (item: T | undefined) => T): T[] {
    return Array.from({ length: this.#count() }, () => each(undefined));
  }

  /** To be called once everything was read. */
  end(): void {
    if (this.#next !== this.#all.length)
      throw refused(`has ${this.#all.length} numbers beside its memory, of which ${this.#next} are known`);
  }

  #count(): number {
    const count = this.number();
    if (!Number.isInteger(count) || count < 0 || count > this.#all.length)
      throw refused(`says that ${count} numbers follow`);
    return count;
  }

  #take(count: number): Float64Array {
    const taken = this.#all.subarray(this.#next, this.#next + count);
    if (taken.length < count) throw refused(`ends after ${this.#all.length} numbers`);
    this.#next += count;
    return taken;
  }
}

/** Why a checkpoint is not gone on from. */
export function refused(why: string): ArchitechError {
  return new ArchitechError("checkpoint-refused", `this checkpoint ${why}: the task begins anew`);
}
