import type { RecursionPlan } from "./plan.js";
import { drawFunctions, generators } from "./shader-draws.js";
import { busyOf, gpuBuckets, layoutOf, lowestExponent, octaveBits, type ShaderLayout } from "./shader-layout.js";
import { emit } from "./shader-stages.js";
import { foldAll, restore, store } from "./shader-state.js";

/** Requests whose sums are added up in 32 bits before they go to exact ones. */
const foldEvery = 64;

export interface Shader {
  readonly code: string;
  readonly layout: ShaderLayout;
}

/** The recursion as a compute shader in WGSL: a thread for each task, in 32 bits. */
export function shaderOf(plan: RecursionPlan): Shader {
  const layout = layoutOf(plan);
  const { stages, lines, frames, works } = plan;
  const held = new Set(stages.flatMap((stage) => (stage.do === "serve" ? stage.works : [])));
  const open: number[] = [];
  const body = stages.map((stage) => emit(stage, { plan, held, open })).join("\n");
  const sums = 3 * frames.length + lines.length + busyOf(plan).length;
  const code = `
struct Job { tasks: u32, steps: u32 }
@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> P: array<u32>;
@group(0) @binding(2) var<storage, read_write> S: array<u32>;
@group(0) @binding(3) var<storage, read_write> H: array<u32>;
@group(0) @binding(4) var<storage, read> Z: array<u32>;
@group(0) @binding(5) var<storage, read_write> unfinished: atomic<u32>;

var<private> me: u32;
var<private> s: vec4<u32>;
var<private> streams: array<vec4<u32>, ${works.length + 1}>;
var<private> exact: array<vec2<u32>, ${sums}>;
var<private> scale: f32;

fn parameter(i: u32) -> f32 { return bitcast<f32>(P[i * job.tasks + me]); }
fn whole(i: u32) -> u32 { return P[i * job.tasks + me]; }
fn kept(i: u32) -> u32 { return S[i * job.tasks + me]; }
fn keep(i: u32, x: u32) { S[i * job.tasks + me] = x; }

${generators}
${[plan.arrivals, ...works].map(({ from }, i) => drawFunctions(`draw${i}`, from, layout.drawn[i]!)).join("\n")}
${[plan.arrivals, ...works].map((_, i) => `fn next${i}() -> f32 { s = streams[${i}]; let x = draw${i}(); streams[${i}] = s; return x; }`).join("\n")}

// Sums are whole ticks in 64 bits: however long the run is, nothing is lost.
fn fold(i: u32, x: f32) {
  let ticks = x * scale;
  let high = floor(ticks * 0x1p-32f);
  let low = u32(ticks - high * 0x1p32f);
  let sum = exact[i].x + low;
  exact[i] = vec2<u32>(sum, exact[i].y + u32(high) + select(0u, 1u, sum < low));
}
// From a time on the clock to a moment: negative when the moment lies before.
fn until(moment: vec2<u32>, now: vec2<u32>) -> f32 {
  if (moment.y > now.y || (moment.y == now.y && moment.x >= now.x)) {
    return (f32(moment.y - now.y - select(0u, 1u, moment.x < now.x)) * 0x1p32f + f32(moment.x - now.x)) / scale;
  }
  return -(f32(now.y - moment.y - select(0u, 1u, now.x < moment.x)) * 0x1p32f + f32(now.x - moment.x)) / scale;
}
fn record(histogram: u32, x: f32) {
  let bits = i32(bitcast<u32>(x) >> ${23 - octaveBits}u) - ${(127 + lowestExponent) << octaveBits};
  let bucket = u32(clamp(bits, 0, ${gpuBuckets - 1}));
  H[(me * ${2 * frames.length}u + histogram) * ${gpuBuckets}u + bucket] += 1u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  me = id.x + id.y * 4194240u;
  if (me >= job.tasks) { return; }
  if (kept(0u) == 1u) { return; }
  scale = parameter(0u);
  let warm = vec2<u32>(whole(1u), whole(2u));
  let last = vec2<u32>(whole(3u), whole(4u));
  let half = vec2<u32>(whole(5u), whole(6u));
  let late = vec2<u32>(whole(7u), whole(8u));
  var clock = vec2<u32>(kept(1u), kept(2u));
  for (var i = 0u; i < ${works.length + 1}u; i++) {
    streams[i] = vec4<u32>(kept(3u + 4u * i), kept(4u + 4u * i), kept(5u + 4u * i), kept(6u + 4u * i));
  }
  ${restore(plan, layout)}
  var step = 0u;
  var finished = false;
  var folds = 0u;
  loop {
    if (step == job.steps) { break; }
    step++;
    let gap = next0();
    let low = clock.x + u32(min(gap * scale, 4294967040.0));
    clock = vec2<u32>(low, clock.y + select(0u, 1u, low < clock.x));
    if (clock.y > last.y || (clock.y == last.y && clock.x > last.x)) { finished = true; break; }
    let toWarm = until(warm, clock);
    let toLast = until(last, clock);
    let toHalf = until(half, clock);
    let toLate = until(late, clock);
    ${lines.map((_, l) => `since${l} += gap;`).join(" ")}
    var r = 0.0;
    // One turn, left early by who finds no room.
    loop {
${body}
      break;
    }
    if (r > toLast) { inside++; }
    folds++;
    if (folds == ${foldEvery}u) {
      folds = 0u;
      ${foldAll(plan)}
    }
  }
  ${foldAll(plan)}
  if (finished) { keep(0u, 1u); } else { atomicAdd(&unfinished, 1u); }
  keep(1u, clock.x);
  keep(2u, clock.y);
  for (var i = 0u; i < ${works.length + 1}u; i++) {
    keep(3u + 4u * i, streams[i].x); keep(4u + 4u * i, streams[i].y); keep(5u + 4u * i, streams[i].z); keep(6u + 4u * i, streams[i].w);
  }
  ${store(plan, layout)}
}
`;
  return { code, layout };
}
