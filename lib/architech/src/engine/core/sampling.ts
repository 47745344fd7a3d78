import * as at from "./addresses.js";
import { draw } from "./draw.js";
import { exponentials } from "./exponential.js";
import { doubleFloats } from "./memory.js";
import { floats, ints } from "./platform.js";
import { loadStream, storeStream } from "./random.js";

// A site draws from a stream of its own, in blocks of 64 made ahead. Its eight ints: the distribution (four), the
// state of its stream (four). `sampleNext` holds the place of its next draw; a block is made where one begins.

/** The next draw of a site. */
export function sample(site: i32): f64 {
  const next = ints()[at.sampleNext] + site;
  let place = ints()[next];
  if ((place & 63) === 0) place = refill(site);
  ints()[next] = place + 1;
  return floats()[ints()[at.samples] + place];
}

/** Draws the next block of a site and returns where it begins. May move the samples. */
export function refill(site: i32): i32 {
  let I = ints();
  let place = I[I[at.sampleNext] + site] - 64;
  // Before its first block a site stands at 0, where no block ever ends.
  if (place < 0) {
    if (I[at.blocks] === I[at.blockRoom]) doubleFloats(at.samples, at.blockRoom, 64, I[at.blocks]);
    I = ints();
    place = I[at.blocks] << 6;
    I[at.blocks] = I[at.blocks] + 1;
  }
  const D = floats();
  const record = I[at.sites] + 8 * site;
  const to = I[at.samples] + place;
  if (I[record] === 2) exponentials(record + 4, to, D[I[record + 1]]);
  else {
    loadStream(record + 4);
    for (let i = 0; i < 64; i++) D[to + i] = draw(record);
    storeStream(record + 4);
  }
  return place;
}
