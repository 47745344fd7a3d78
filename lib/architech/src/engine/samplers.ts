import type { Distribution } from "./distribution.js";
import { draw } from "./draw.js";
import { fillExponential } from "./exponential.js";
import { Random, seedStream } from "./random.js";

/** One place of a program that draws: what it draws, and the name of its random stream. */
export interface SamplingSite {
  readonly stream: string;
  readonly from: Distribution;
}

/** Draws made ahead at once for one site. A power of two. */
const block = 64;

/**
 * The random draws of a program, each sampling site with a stream of its own and its draws made in blocks.
 * The interpreter reads `values` at `next[site]` and calls `refill` where a block begins.
 */
export class Samplers {
  values: Float64Array;
  readonly next: Int32Array;
  readonly #sites: readonly SamplingSite[];
  readonly #states: Int32Array;
  readonly #started: Uint8Array;
  readonly #prefix: string;
  readonly #random = new Random();
  #blocks = 0;

  /** `key` is what all streams have in common: the seed and the number of the replication. */
  constructor(sites: readonly SamplingSite[], key: string) {
    this.#sites = sites;
    this.#prefix = key;
    this.#states = new Int32Array(4 * sites.length);
    this.#started = new Uint8Array(sites.length);
    this.next = new Int32Array(sites.length);
    this.values = new Float64Array(block * Math.min(8, Math.max(1, sites.length)));
  }

  /** The next draw of a site. */
  draw(site: number): number {
    let at = this.next[site]!;
    if ((at & (block - 1)) === 0) at = this.refill(site);
    this.next[site] = at + 1;
    return this.values[at]!;
  }

  /** Draws the next block of a site and returns where it begins. May replace `values`. */
  refill(site: number): number {
    const { stream, from } = this.#sites[site]!;
    const random = this.#random;
    let at = (this.next[site]! - block) | 0;
    if (this.#started[site] === 0) {
      this.#started[site] = 1;
      seedStream(this.#states, site * 4, `${this.#prefix}/${stream}`);
      at = (this.#blocks++ * block) | 0;
      if (at >= this.values.length) {
        const grown = new Float64Array(this.values.length * 2);
        grown.set(this.values);
        this.values = grown;
      }
    }
    random.load(this.#states, site * 4);
    if (from.kind === "exponential") fillExponential(random, this.values, at, block, from.mean);
    else for (let i = 0; i < block; i++) this.values[at + i] = draw(random, from);
    random.store(this.#states, site * 4);
    return at;
  }
}
