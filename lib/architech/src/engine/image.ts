import { codeStart, top } from "./core/addresses.js";

/** The machine's memory as it is before the first event: tables are laid one behind another, each at an even place. */
export class Image {
  ints: Int32Array<ArrayBuffer> = new Int32Array(4096);
  floats: Float64Array<ArrayBuffer> = new Float64Array(this.ints.buffer);
  #top = codeStart;

  /** Sets one of the ints of `addresses.ts`. An assignment would choose its array before laying the value makes a new one. */
  set(place: number, value: number): void {
    this.ints[place] = value;
  }

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
