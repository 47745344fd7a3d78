import { pageSize } from "../engine/histogram.js";
import { meterField, meterStride } from "../engine/meter-places.js";
import type { ModelDocument } from "../model/document.js";
import { metricsOf } from "../model/metrics.js";
import type { RecursionPlan } from "../recursion/plan.js";
import {
  busyOf,
  frameWords,
  gpuBuckets,
  lineWords,
  lowestExponent,
  octaveBits,
  type ShaderLayout,
} from "../recursion/shader-layout.js";
import type { Compiled } from "./compile.js";
import type { Count } from "./count.js";
import { histogramRows } from "./histogram-rows.js";
import type { PagesOf } from "./merged-histogram.js";
import { Summary } from "./summary.js";
import type { TaskResult } from "./task.js";
import { Totals } from "./totals.js";

/** What a shader has given for a task: its words and the counts of its histograms, one behind the other. */
export interface ShaderCounts {
  readonly words: Uint32Array;
  readonly histograms: Uint32Array;
}

/** Exponent of the engine's lowest bucket, and how many of its buckets a bucket of the shader is. */
const engineExponent = -24;
const bucketsEach = 4;
const pageBits = Math.log2(pageSize);

/** The result of a task that a shader has simulated. The deepest lines are not known. */
export function recursionResult(
  { model, warmupMs, untilMs }: { readonly model: ModelDocument; readonly warmupMs: number; readonly untilMs: number },
  { layout }: Compiled,
  plan: RecursionPlan,
  shader: ShaderLayout,
  { words, histograms }: ShaderCounts,
  ticks: number,
): TaskResult {
  const float = (i: number): number => new Float32Array(words.buffer, words.byteOffset + 4 * i, 1)[0]!;
  const exact = (i: number): number => (words[i]! + words[i + 1]! * 2 ** 32) / ticks;
  const meters = new Float64Array(plan.meters * meterStride);
  for (const [f, { meter }] of plan.frames.entries()) {
    const at = shader.frames + frameWords * f;
    const [arrivals, done, errors] = [words[at]!, words[at + 1]!, words[at + 2]!];
    const sums = {
      arrivals,
      done,
      errors,
      latencySum: exact(at + 5),
      latencyMax: float(at + 7),
      waitSum: exact(at + 8),
      waitMax: float(at + 10),
    };
    for (const [field, value] of Object.entries(sums))
      meters[meter * meterStride + meterField[field as keyof typeof sums]] = value;
    // As a meter has it: without those that are inside, times the time.
    meters[meter * meterStride + meterField.insideArea] = exact(at + 3) - (arrivals - done - errors) * untilMs;
  }
  const gauges = new Float64Array(plan.gauges);
  const counters = new Float64Array(plan.counters);
  const depths = new Int32Array(2 * plan.depths);
  for (const [l, { gauge, rejections }] of plan.lines.entries()) {
    const at = shader.lines + lineWords * l;
    gauges[gauge]! += exact(at);
    if (rejections >= 0) counters[rejections]! += words[at + 2]!;
  }
  for (const [i, gauge] of busyOf(plan).entries()) gauges[gauge]! += exact(shader.busy + 2 * i);
  const { pages, counts } = pagesOf(plan, histograms);
  const gaugeCounts = new Int32Array(plan.gauges);
  const last: Count = { atMs: untilMs, meters, gauges, gaugeCounts, depths, counters, timeouts: 0, pages: counts };
  const before: Count = {
    ...last,
    atMs: warmupMs,
    meters: new Float64Array(meters.length),
    gauges: new Float64Array(gauges.length),
    counters: new Float64Array(counters.length),
    pages: new Float64Array(0),
  };
  const totals = new Totals(before, [last]);
  totals.depthMax.fill(Number.NaN);
  const summary = new Summary(pages, layout, totals);
  const metrics = metricsOf(model);
  let values: Float64Array | undefined;
  return {
    get summary() {
      values ??= Float64Array.from(metrics, (metric) => summary.value(metric));
      return values;
    },
    value: (metric) => summary.value(metrics[metric]!),
    get histogram() {
      return histogramRows(pages, layout, totals);
    },
    warmupMs,
    reachedMs: untilMs,
    events: meters[plan.frames[0]!.meter * meterStride]! * (1 + plan.works.length),
    saturated: layout.nodes.flatMap(({ name, depth }) =>
      depth >= 0 && isGrowing(plan, shader, words, depth) ? [name] : [],
    ),
    inside: words[shader.inside]!,
  };
}

/** As `Backlog` judges: what waited in the middle, at three quarters and at the end. */
function isGrowing(plan: RecursionPlan, shader: ShaderLayout, words: Uint32Array, depth: number): boolean {
  return plan.lines.some((line, l) => {
    if (line.depth !== depth) return false;
    const at = shader.lines + lineWords * l;
    const [half, late, last, came] = [words[at + 3]!, words[at + 4]!, words[at + 5]!, words[at + 6]!];
    const growth = last - half;
    const passed = 2 * came - growth;
    return last > late && late > half && growth > 10 && growth > 4 * Math.sqrt(passed);
  });
}

/** The page of the engine's histogram that a bucket of the shader is in, and the first of its buckets there. */
function placeOf(bucket: number): number {
  const exponent = (bucket >> octaveBits) + lowestExponent - engineExponent;
  return (exponent << 7) + (bucket & ((1 << octaveBits) - 1)) * bucketsEach;
}

/** How many pages the histograms take. */
function pagesNeeded(histograms: Uint32Array): number {
  let pages = 0;
  for (let from = 0; from < histograms.length; from += gpuBuckets) {
    let page = -1;
    for (let bucket = 0; bucket < gpuBuckets; bucket++) {
      if (histograms[from + bucket] === 0 || placeOf(bucket) >> pageBits === page) continue;
      page = placeOf(bucket) >> pageBits;
      pages++;
    }
  }
  return pages;
}

/** The histograms as the engine has them: each bucket of the shader is four of its own, with a quarter of the count each. */
function pagesOf({ meters, frames }: RecursionPlan, histograms: Uint32Array): { pages: PagesOf; counts: Float64Array } {
  const pages = pagesNeeded(histograms);
  const info = new Int32Array(4 * pages);
  const counts = new Float64Array(pages * pageSize);
  let next = 0;
  for (const [f, { meter }] of frames.entries()) {
    for (const kind of [0, 1]) {
      const from = (2 * f + kind) * gpuBuckets;
      let page = -1;
      for (let bucket = 0; bucket < gpuBuckets; bucket++) {
        const count = histograms[from + bucket]!;
        if (count === 0) continue;
        const own = placeOf(bucket);
        if (own >> pageBits !== page) {
          page = own >> pageBits;
          info.set([2 * meter + kind, page, 0, -1], 4 * next++);
        }
        const first = (next - 1) * pageSize + (own & (pageSize - 1));
        counts.fill(count / bucketsEach, first, first + bucketsEach);
      }
    }
  }
  return { pages: { pageInfo: info, pages, touched: new Int32Array(2 * meters) }, counts };
}
