import { draw } from "../engine/core/draw.js";
import { exponentials, layZiggurat } from "../engine/core/exponential.js";
import { enter } from "../engine/core/platform.js";
import { loadStream, storeStream } from "../engine/core/random.js";
import { Image } from "../engine/image.js";
import { layDistribution } from "../engine/lay-distribution.js";
import { seedStream } from "../engine/seed.js";
import type { Drawn } from "./plan.js";

/** Draws made ahead of a stream, as the engine makes them. */
const blockSize = 64;

interface Source {
  /** Place of its distribution and its stream, four ints each. */
  readonly place: number;
  readonly drawn: Drawn;
  readonly block: Float64Array;
  next: number;
}

/** The draws of a task: the engine's own streams, seeds and code, so the n-th draw of a name is the n-th there, too. */
export class Draws {
  readonly #image = new Image();
  readonly #sources: readonly Source[];
  /** Where a block of draws is made, as a double's place. */
  readonly #made: number;

  constructor(all: readonly Drawn[], key: string) {
    const image = this.#image;
    const first = image.take(8 * all.length);
    this.#made = image.takeFloats(blockSize);
    for (const [i, { from }] of all.entries()) layDistribution(image, first + 8 * i, from);
    this.enter();
    layZiggurat();
    this.#sources = all.map((drawn, i): Source => {
      const place = first + 8 * i;
      seedStream(place + 4, `${key}/${drawn.stream}`);
      return { place, drawn, block: new Float64Array(blockSize), next: blockSize };
    });
  }

  /** To be called before `fill`, and again once anything else may have drawn. */
  enter(): void {
    enter(this.#image.ints.buffer, this.#image.ints.length);
  }

  /** The next `count` draws of a source. */
  fill(source: number, into: Float64Array, count: number): void {
    const from = this.#sources[source]!;
    if (from.drawn.from.kind === "constant") {
      into.fill(from.drawn.from.value, 0, count);
      return;
    }
    const { block } = from;
    let { next } = from;
    for (let i = 0; i < count; i++) {
      if (next === blockSize) {
        this.#make(from);
        next = 0;
      }
      into[i] = block[next++]!;
    }
    from.next = next;
  }

  #make({ place, drawn, block }: Source): void {
    const { floats } = this.#image;
    if (drawn.from.kind === "exponential") {
      exponentials(place + 4, this.#made, drawn.from.mean);
      for (let i = 0; i < blockSize; i++) block[i] = floats[this.#made + i]!;
      return;
    }
    loadStream(place + 4);
    for (let i = 0; i < blockSize; i++) block[i] = draw(place);
    storeStream(place + 4);
  }
}
