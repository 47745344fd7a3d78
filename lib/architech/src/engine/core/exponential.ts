import { zigguratEdge, zigguratHeight } from "./addresses.js";
import { exp, log } from "./log-exp.js";
import { float, floats, ints, unsigned } from "./platform.js";
import { besides, loadStream, place, storeStream, uniform } from "./random.js";

// Ziggurat of 256 layers: Marsaglia and Tsang, "The ziggurat method for generating random variables" (2000).

/** Writes the right edges of the layers and their heights, exp(-edge), to their places. */
export function layZiggurat(): void {
  const D = floats();
  const start: f64 = 7.69711747013105;
  const area: f64 = 0.003949659822581557;
  D[zigguratEdge] = area / exp(-start);
  D[zigguratEdge + 1] = start;
  for (let i = 2; i < 256; i++) {
    const before = D[zigguratEdge + i - 1];
    D[zigguratEdge + i] = -log(area / before + exp(-before));
  }
  D[zigguratEdge + 256] = 0;
  for (let i = 0; i <= 256; i++) D[zigguratHeight + i] = exp(-D[zigguratEdge + i]);
}

const unit: f64 = 1.3877787807814457e-17; // 2^-56

/** One exponential draw of mean 1. Two words a draw: eight bits choose the layer, 56 the place in it. */
export function exponential(): f64 {
  const far = place();
  const layer = besides;
  const x = far * unit * floats()[zigguratEdge + layer];
  return x < floats()[zigguratEdge + layer + 1] ? x : beyond(layer, x);
}

/** The draw that began with a place in a layer beyond the next one's edge. */
function beyond(first: i32, at: f64): f64 {
  const D = floats();
  const start: f64 = 7.69711747013105;
  let layer = first;
  let x = at;
  let shift: f64 = 0;
  let drawn: f64 = -1;
  while (drawn < 0) {
    if (x < D[zigguratEdge + layer + 1]) drawn = shift + x;
    else {
      if (layer === 0)
        shift += start; // the tail is the same distribution again
      else {
        const low = D[zigguratHeight + layer];
        const y = low + (D[zigguratHeight + layer + 1] - low) * uniform();
        if (y < exp(-x)) drawn = shift + x;
      }
      if (drawn < 0) {
        const far = place();
        layer = besides;
        x = far * unit * D[zigguratEdge + layer];
      }
    }
  }
  return drawn;
}

/**
 * Sixty-four draws of a mean, to a place on, from the stream at another. The same as `exponential` again and again; the
 * state of the stream stays in local variables, which takes half the time.
 */
export function exponentials(stream: i32, to: i32, mean: f64): void {
  const I = ints();
  const D = floats();
  let a = I[stream];
  let b = I[stream + 1];
  let c = I[stream + 2];
  let d = I[stream + 3];
  for (let i = 0; i < 64; i++) {
    const first = (((a + b) | 0) + d) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + first) | 0;
    const second = (((a + b) | 0) + ((d + 1) | 0)) | 0;
    d = (d + 2) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + second) | 0;
    const layer = first & 255;
    let x = (float(first >>> 8) * 4294967296 + unsigned(second) + 0.5) * unit * D[zigguratEdge + layer];
    if (!(x < D[zigguratEdge + layer + 1])) {
      I[stream] = a;
      I[stream + 1] = b;
      I[stream + 2] = c;
      I[stream + 3] = d;
      loadStream(stream);
      x = beyond(layer, x);
      storeStream(stream);
      a = I[stream];
      b = I[stream + 1];
      c = I[stream + 2];
      d = I[stream + 3];
    }
    D[to + i] = x * mean;
  }
  I[stream] = a;
  I[stream + 1] = b;
  I[stream + 2] = c;
  I[stream + 3] = d;
}
