import { exp, log } from "./log-exp.js";
import type { Random } from "./random.js";

// Ziggurat of 256 layers: Marsaglia and Tsang, "The ziggurat method for generating random variables" (2000).
const start = 7.69711747013105;
const area = 0.003949659822581557;
/** Right edge of each layer. */
const edge = new Float64Array(257);
/** exp(-edge). */
const height = new Float64Array(257);

edge[0] = area / exp(-start);
edge[1] = start;
for (let i = 2; i < 256; i++) edge[i] = -log(area / edge[i - 1]! + exp(-edge[i - 1]!));
edge[256] = 0;
for (let i = 0; i <= 256; i++) height[i] = exp(-edge[i]!);

/** One exponential draw of mean 1. Two words a draw: eight bits choose the layer, 56 the place in it. */
export function exponential(random: Random): number {
  let shift = 0;
  for (;;) {
    const first = random.word();
    const second = random.word() >>> 0;
    const layer = first & 255;
    const x = ((first >>> 8) * 4294967296 + second + 0.5) * 1.3877787807814457e-17 * edge[layer]!;
    if (x < edge[layer + 1]!) return shift + x;
    if (layer === 0) {
      shift += start; // the tail is the same distribution again
    } else {
      const y = height[layer]! + (height[layer + 1]! - height[layer]!) * random.uniform();
      if (y < exp(-x)) return shift + x;
    }
  }
}

/** `count` exponential draws of this mean. */
export function fillExponential(random: Random, out: Float64Array, from: number, count: number, mean: number): void {
  for (let i = 0; i < count; i++) out[from + i] = exponential(random) * mean;
}
