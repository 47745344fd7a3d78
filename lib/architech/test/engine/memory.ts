import { layZiggurat } from "#src/engine/core/exponential.js";
import { enter } from "#src/engine/core/platform.js";
import { loadStream } from "#src/engine/core/random.js";
import type { Distribution } from "#src/engine/distribution.js";
import { Image } from "#src/engine/image.js";
import { layDistribution } from "#src/engine/lay-distribution.js";
import { seedStream } from "#src/engine/seed.js";

/** Enters a memory of its own and loads the stream of this name. */
export function openStream(name: string): void {
  const image = new Image();
  const at = image.take(4);
  enter(image.ints.buffer, image.ints.length);
  layZiggurat();
  seedStream(at, name);
  loadStream(at);
}

/** Enters a memory that holds a distribution and loads a stream, by default one of its own; returns the distribution's place. */
export function openDistribution(from: Distribution, stream: string = JSON.stringify(from)): number {
  const image = new Image();
  const at = image.take(4);
  const state = image.take(4);
  layDistribution(image, at, from);
  enter(image.ints.buffer, image.ints.length);
  layZiggurat();
  seedStream(state, stream);
  loadStream(state);
  return at;
}
