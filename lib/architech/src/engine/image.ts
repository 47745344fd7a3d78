import { codeStart, top } from "./core/addresses.js";

/** The machine's memory as it is before the first event: tables are laid one behind another, each at an even place. */
export class Image {
  ints: Int32Array<ArrayBuffer> = new Int32Array(4096);
  floats: Float64Array<ArrayBuffer> = new Float64Array(this.ints.buffer);
  #top = codeStart;

  /** Takes room for this many ints, all 0, and returns the place of the first. */
  take(count: number): number {
    const at = this.#top;
    this.#top = at + ((count + 1) & ~1);
    if (this.#top > this.ints.length) {
      let length = this.ints.length;
      while (length < this.#top) length *= 2;
      const ints = new Int32Array(length);
      ints.set(this.ints);
      this.ints = ints;
      this.floats = new Float64Array(ints.buffer);
    }
    this.ints[top] = this.#top;
    return at;
  }

  /** Notes a place, or a count. Laying may move the memory: what is noted goes where it is then. */
  note(at: number, value: number): void {
    this.ints[at] = value;
  }

  /** Takes room for this many doubles and returns the place of the first, as a double's. */
  takeFloats(count: number): number {
    return this.take(2 * count) / 2;
  }

  /** Lays ints down and returns the place of the first. */
  lay(values: ArrayLike<number>): number {
    const at = this.take(values.length);
    this.ints.set(values, at);
    return at;
  }

  /** Lays doubles down and returns the place of the first, as a double's. */
  layFloats(values: ArrayLike<number>): number {
    const at = this.takeFloats(values.length);
    this.floats.set(values, at);
    return at;
  }
}
