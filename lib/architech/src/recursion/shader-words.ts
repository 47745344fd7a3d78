import { exp, log } from "../engine/core/log-exp.js";
import { enter } from "../engine/core/platform.js";
import { Image } from "../engine/image.js";
import { seedStream } from "../engine/seed.js";
import { meanGap, type RecursionPlan } from "./plan.js";
import { parametersOf } from "./shader-draws.js";
import type { ShaderLayout } from "./shader-layout.js";

const two32 = 2 ** 32;

/** One task, as a shader is told of it. */
export interface ShaderTask {
  readonly plan: RecursionPlan;
  /** What names its random streams. */
  readonly key: string;
  readonly warmupMs: number;
  readonly untilMs: number;
}

/** Ticks of a ms: a mean gap between requests is 2^25 of them at least, so its rounding is that of 32-bit numbers. */
export function ticksOf(plan: RecursionPlan): number {
  // A power of two: multiplying by it rounds nothing.
  return 2 ** Math.floor(26 - Math.log2(meanGap(plan)));
}

/** Writes the parameters and the first state of the i-th of `count` tasks; words of one kind lie side by side. */
export function layTask(
  { plan, key, warmupMs, untilMs }: ShaderTask,
  layout: ShaderLayout,
  to: { readonly parameters: Uint32Array; readonly state: Uint32Array; readonly i: number; readonly count: number },
): void {
  const { parameters, state, i, count } = to;
  const floats = new Float32Array(parameters.buffer, parameters.byteOffset, parameters.length);
  const ticks = ticksOf(plan);
  const moments = [warmupMs, untilMs, untilMs / 2, untilMs * 0.75].flatMap((ms) => {
    const at = Math.floor(ms * ticks);
    return [at % two32, Math.floor(at / two32)];
  });
  floats[i] = ticks;
  for (const [k, word] of moments.entries()) parameters[(1 + k) * count + i] = word;
  const drawn = [plan.arrivals, ...plan.works];
  for (const [k, { from }] of drawn.entries())
    for (const [n, value] of parametersOf(from).entries()) floats[(layout.drawn[k]! + n) * count + i] = value;
  for (const [k, { servers, replicas, room }] of plan.lines.entries())
    for (const [n, value] of [servers, replicas, room === Number.POSITIVE_INFINITY ? 0 : room].entries())
      parameters[(layout.line[k]! + n) * count + i] = value;
  const seeds = seedsOf(drawn.map(({ stream }) => `${key}/${stream}`));
  for (let n = 0; n < seeds.length; n++) state[(3 + n) * count + i] = seeds[n]!;
}

const image = new Image();
const stream = image.take(4);

function seedsOf(names: readonly string[]): Int32Array {
  enter(image.ints.buffer, image.ints.length);
  const seeds = new Int32Array(4 * names.length);
  for (const [i, name] of names.entries()) {
    seedStream(stream, name);
    seeds.set(image.ints.subarray(stream, stream + 4), 4 * i);
  }
  return seeds;
}

/**
 * The tables of the ziggurat as words: edges and heights as 32-bit floats, and for each layer the place, of 2^56, before
 * which a draw lies before the next layer's edge (see `engine/core/exponential.ts`).
 */
export function zigguratWords(): Uint32Array<ArrayBuffer> {
  const start = 7.69711747013105;
  const area = 0.003949659822581557;
  const edges = new Float64Array(257);
  edges[0] = area / exp(-start);
  edges[1] = start;
  for (let i = 2; i < 256; i++) edges[i] = -log(area / edges[i - 1]! + exp(-edges[i - 1]!));
  const words = new Uint32Array(1026);
  const floats = new Float32Array(words.buffer);
  for (let i = 0; i <= 256; i++) {
    floats[i] = edges[i]!;
    floats[257 + i] = exp(-edges[i]!);
  }
  for (let layer = 0; layer < 256; layer++) {
    const place = BigInt(Math.round((edges[layer + 1]! / edges[layer]!) * 2 ** 53)) * 8n;
    words[514 + layer] = Number(place >> 32n);
    words[770 + layer] = Number(place & 0xffffffffn);
  }
  return words;
}
