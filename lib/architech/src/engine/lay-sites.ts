import * as at from "./core/addresses.js";
import { enter } from "./core/platform.js";
import type { Image } from "./image.js";
import { layDistribution } from "./lay-distribution.js";
import type { SamplingSite } from "./sampling-site.js";
import { seedStream } from "./seed.js";

/** Blocks of draws that there is room for at first. */
const firstBlocks = 8;

/** Lays sampling sites with the states of their streams, which `key` and the name of each decide. */
export function laySites(image: Image, sites: readonly SamplingSite[], key: string): void {
  const first = image.take(8 * sites.length);
  image.ints[at.sites] = first;
  image.set(at.sampleNext, image.take(sites.length));
  for (const [i, { from }] of sites.entries()) layDistribution(image, first + 8 * i, from);
  enter(image.ints.buffer, image.ints.length);
  for (const [i, { stream }] of sites.entries()) seedStream(first + 8 * i + 4, `${key}/${stream}`);
  const room = Math.min(firstBlocks, Math.max(1, sites.length));
  image.ints[at.blockRoom] = room;
  image.set(at.samples, image.takeFloats(64 * room));
}
