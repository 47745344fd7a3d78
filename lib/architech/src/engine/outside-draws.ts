import { draw } from "./core/draw.js";
import { layZiggurat } from "./core/exponential.js";
import { enter } from "./core/platform.js";
import { loadStream, storeStream } from "./core/random.js";
import type { Distribution } from "./distribution.js";
import { Image } from "./image.js";
import { layDistribution } from "./lay-distribution.js";
import { seedStream } from "./seed.js";

/** Distributions that are kept laid out at most. */
const most = 1_000;

/**
 * Draws of one random stream outside of the machine, by the machine's own code: for what is known only as it is drawn.
 * Equal names give equal streams.
 */
export class OutsideDraws {
  #image = new Image();
  readonly #stream: number;
  readonly #places = new Map<Distribution, number>();

  constructor(name: string) {
    this.#stream = this.#image.take(4);
    this.#enter();
    layZiggurat();
    seedStream(this.#stream, name);
  }

  /** The next draw. */
  draw(from: Distribution): number {
    const place = this.#place(from);
    this.#enter();
    loadStream(this.#stream);
    const drawn = draw(place);
    storeStream(this.#stream);
    return drawn;
  }

  #place(from: Distribution): number {
    const known = this.#places.get(from);
    if (known !== undefined) return known;
    if (this.#places.size === most) this.#forget();
    const place = this.#image.take(4);
    layDistribution(this.#image, place, from);
    this.#places.set(from, place);
    return place;
  }

  /** Begins its memory anew, with all that lies before the distributions. */
  #forget(): void {
    const image = new Image();
    image.take(4);
    image.ints.set(this.#image.ints.subarray(0, this.#stream + 4));
    this.#image = image;
    this.#places.clear();
  }

  #enter(): void {
    enter(this.#image.ints.buffer, this.#image.ints.length);
  }
}
