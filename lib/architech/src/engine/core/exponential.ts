import { zigguratEdge, zigguratHeight } from "./addresses.js";
import { exp, log } from "./log-exp.js";
import { floats } from "./platform.js";
import { besides, place, uniform } from "./random.js";

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

/** One exponential draw of mean 1. Two words a draw: eight bits choose the layer, 56 the place in it. */
export function exponential(): f64 {
  const D = floats();
  const start: f64 = 7.69711747013105;
  let shift: f64 = 0;
  let drawn: f64 = -1;
  while (drawn < 0) {
    const far = place();
    const layer = besides;
    const x = far * 1.3877787807814457e-17 * D[zigguratEdge + layer];
    if (x < D[zigguratEdge + layer + 1]) drawn = shift + x;
    else if (layer === 0)
      shift += start; // the tail is the same distribution again
    else {
      const low = D[zigguratHeight + layer];
      const y = low + (D[zigguratHeight + layer + 1] - low) * uniform();
      if (y < exp(-x)) drawn = shift + x;
    }
  }
  return drawn;
}
