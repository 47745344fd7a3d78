import type { Distribution } from "../engine/distribution.js";
import type { RecursionPlan, Stage } from "./plan.js";

/** Buckets of an octave, and where they begin: 2^-10 ms to 2^20 ms. */
export const octaveBits = 5;
export const lowestExponent = -10;
export const gpuBuckets: number = 30 << octaveBits;

/** Servers, and requests that wait at most, of a line that a processor of graphics can hold. */
const mostServers = 256;
const mostRoom = 64;

/** Requests whose sums are added up in 32 bits before they go to exact ones. */
const foldEvery = 64;

/** Words of a frame, a line, and all else in what a task gives. */
export const frameWords = 11;
export const lineWords = 7;

/** How a shader lays out the words of a task. */
export interface ShaderLayout {
  /** Words of the parameters, of what is kept from one dispatch to the next, and of that what is given at the end. */
  readonly parameters: number;
  readonly state: number;
  readonly frames: number;
  readonly lines: number;
  readonly busy: number;
  readonly inside: number;
  /** First parameter of each drawn time (the arrivals are the first) and of each line. */
  readonly drawn: readonly number[];
  readonly line: readonly number[];
  /** Places of the servers and of the room of each line. */
  readonly servers: readonly number[];
  readonly room: readonly number[];
  readonly histograms: number;
}

export interface Shader {
  readonly code: string;
  readonly layout: ShaderLayout;
}

/** Words before those of drawn times: ticks of a ms, and the ends of warm-up, run, half and three quarters as 64 bits. */
const firstParameter = 9;

/** What drawn times and lines have as parameters, in this order. */
export function parametersOf(from: Distribution): readonly number[] {
  switch (from.kind) {
    case "constant":
      return [from.value];
    case "uniform":
      return [from.min, from.max - from.min];
    case "exponential":
      return [from.mean];
    case "erlang":
      return [from.mean / from.shape, from.shape];
    case "lognormal":
      return [from.mu, from.sigma];
    case "pareto":
      return [from.min, 1 / from.alpha];
    case "weibull":
      return [from.scale, 1 / from.shape];
    case "gamma":
      return [from.mean / from.shape, from.shape];
    case "mixture": {
      const total = from.of.reduce((sum, { weight }) => sum + weight, 0);
      return from.of.flatMap(({ weight, part }) => [weight / total, ...parametersOf(part)]);
    }
    case "empirical":
      return [from.values.length, ...from.values];
    case "zipf":
    case "geometric":
      return [];
  }
}

/** What two plans share whose tasks can be dispatched together. */
export function shapeOf(plan: RecursionPlan): string {
  const drawn = [plan.arrivals, ...plan.works].map(({ from }) => kindOf(from));
  const lines = plan.lines.map(({ servers, replicas, room }) => [powerOfTwo(servers * replicas), roomOf(room)]);
  return JSON.stringify([drawn, lines, plan.stages, plan.frames, plan.lines.map(({ gauge, depth }) => [gauge, depth])]);
}

function kindOf(from: Distribution): unknown {
  if (from.kind === "mixture") return from.of.map(({ part }) => kindOf(part));
  return from.kind === "empirical" ? [from.kind, from.values.length] : from.kind;
}

function powerOfTwo(x: number): number {
  return 2 ** Math.ceil(Math.log2(x));
}

function roomOf(room: number): number {
  return room === Number.POSITIVE_INFINITY ? 0 : powerOfTwo(Math.max(1, room));
}

/** Why a recursion cannot be dispatched, or undefined. */
export function tooLargeForShader({ lines }: RecursionPlan): string | undefined {
  for (const { servers, replicas, room } of lines) {
    if (servers * replicas > mostServers) return `a line has ${servers * replicas} servers, of ${mostServers} at most`;
    if (room === Number.POSITIVE_INFINITY) continue;
    if (room > mostRoom) return `a line has room for ${room}, of ${mostRoom} at most`;
    if (replicas > 1) return "a line has limited room in front of several replicas";
  }
  return undefined;
}

/** The recursion as a compute shader in WGSL: a thread for each task, in 32 bits. */
export function shaderOf(plan: RecursionPlan): Shader {
  const layout = layoutOf(plan);
  const { stages, lines, frames, works } = plan;
  const held = new Set(stages.flatMap((stage) => (stage.do === "serve" ? stage.works : [])));
  const open: number[] = [];
  const body = stages.map((stage) => emit(stage, { plan, layout, held, open })).join("\n");
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

fn word() -> u32 {
  let t = s.x + s.y + s.w;
  s = vec4<u32>(s.y ^ (s.y >> 9u), s.z + (s.z << 3u), ((s.z << 21u) | (s.z >> 11u)) + t, s.w + 1u);
  return t;
}
fn uniform01() -> f32 {
  let high = word() >> 6u;
  let low = word() >> 6u;
  return f32(high) * 0x1p-26f + (f32(low) + 0.5) * 0x1p-52f;
}
fn edge(i: u32) -> f32 { return bitcast<f32>(Z[i]); }
fn height(i: u32) -> f32 { return bitcast<f32>(Z[257u + i]); }
// Whole numbers decide whether a place lies before the next layer's edge, so that no rounding gives another draw.
fn before(layer: u32, first: u32, second: u32) -> bool {
  let high = Z[514u + layer];
  let low = Z[770u + layer];
  let own = first >> 8u;
  return own < high || (own == high && second < low);
}
fn place(first: u32, second: u32) -> f32 { return f32(first >> 8u) * 0x1p-24f + (f32(second) + 0.5) * 0x1p-56f; }
fn exponential() -> f32 {
  var shift = 0.0;
  loop {
    let first = word();
    let second = word();
    let layer = first & 255u;
    let x = place(first, second) * edge(layer);
    if (before(layer, first, second)) { return shift + x; }
    if (layer == 0u) { shift += 7.69711747; }
    else {
      let low = height(layer);
      let y = low + (height(layer + 1u) - low) * uniform01();
      if (y < exp(-x)) { return shift + x; }
    }
  }
}
fn normal() -> f32 {
  loop {
    let u = 2.0 * uniform01() - 1.0;
    let v = 2.0 * uniform01() - 1.0;
    let q = u * u + v * v;
    if (q < 1.0) { return u * sqrt(-2.0 * log(q) / q); }
  }
}
fn gamma(shape: f32) -> f32 {
  var boost = 1.0;
  var d = shape - 1.0 / 3.0;
  if (shape < 1.0) { boost = exp(-exponential() / shape); d = shape + 2.0 / 3.0; }
  let c = 1.0 / sqrt(9.0 * d);
  loop {
    let x = normal();
    let root = 1.0 + c * x;
    if (root > 0.0) {
      let v = root * root * root;
      if (-exponential() < 0.5 * x * x + d - d * v + d * log(v)) { return d * v * boost; }
    }
  }
}
fn erlang(shape: f32) -> f32 {
  var sum = 0.0;
  for (var i = 0.0; i < shape; i += 1.0) { sum += exponential(); }
  return sum;
}
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

/** Gauges of busy cores, each once. */
export function busyOf({ stages }: RecursionPlan): readonly number[] {
  return [...new Set(stages.flatMap((stage) => (stage.do === "work" && stage.busy >= 0 ? [stage.busy] : [])))];
}

function layoutOf(plan: RecursionPlan): ShaderLayout {
  const { works, lines, frames, arrivals } = plan;
  let parameters = firstParameter;
  const drawn = [arrivals, ...works].map(({ from }) => {
    const at = parameters;
    parameters += parametersOf(from).length;
    return at;
  });
  const line = lines.map(() => (parameters += 3) - 3);
  // finished, clock, streams
  let state = 3 + 4 * (works.length + 1);
  const servers: number[] = [];
  const room: number[] = [];
  for (const each of lines) {
    // since, offset of the one before, turn, place in the room
    servers.push((state += 4));
    state += powerOfTwo(each.servers * each.replicas);
    room.push(state);
    state += roomOf(each.room);
  }
  const framesAt = state;
  const linesAt = framesAt + frameWords * frames.length;
  const busy = linesAt + lineWords * lines.length;
  const inside = busy + 2 * busyOf(plan).length;
  return {
    parameters,
    state: inside + 1,
    frames: framesAt,
    lines: linesAt,
    busy,
    inside,
    drawn,
    line,
    servers,
    room,
    histograms: 2 * frames.length,
  };
}

/** A function that draws, and those of its parts. */
function drawFunctions(name: string, from: Distribution, at: number): string {
  const p = (i: number): string => `parameter(${at + i}u)`;
  const simple = (value: string): string => `fn ${name}() -> f32 { return ${value}; }`;
  switch (from.kind) {
    case "constant":
      return simple(p(0));
    case "uniform":
      return simple(`${p(0)} + ${p(1)} * uniform01()`);
    case "exponential":
      return simple(`exponential() * ${p(0)}`);
    case "erlang":
      return simple(`erlang(${p(1)}) * ${p(0)}`);
    case "lognormal":
      return simple(`exp(${p(0)} + ${p(1)} * normal())`);
    case "pareto":
      return simple(`${p(0)} * exp(exponential() * ${p(1)})`);
    case "weibull":
      return simple(`${p(0)} * exp(log(exponential()) * ${p(1)})`);
    case "gamma":
      return simple(`gamma(${p(1)}) * ${p(0)}`);
    case "empirical":
      return simple(`parameter(${at + 1}u + min(u32(uniform01() * ${p(0)}), ${from.values.length - 1}u))`);
    case "mixture": {
      const parts: string[] = [];
      let choose = "";
      let place = at;
      for (const [i, { part }] of from.of.entries()) {
        parts.push(drawFunctions(`${name}_${i}`, part, place + 1));
        choose += `left -= parameter(${place}u); if (left < 0.0${i === from.of.length - 1 ? " || true" : ""}) { return ${name}_${i}(); }\n`;
        place += 1 + parametersOf(part).length;
      }
      return `${parts.join("\n")}\nfn ${name}() -> f32 { var left = uniform01();\n${choose} return 0.0; }`;
    }
    case "zipf":
    case "geometric":
      throw new Error(`no time is ${from.kind}`);
  }
}

function restore({ lines, frames, ...plan }: RecursionPlan, layout: ShaderLayout): string {
  const code: string[] = [`var inside = kept(${layout.inside}u);`];
  for (const [l, { servers, replicas, room }] of lines.entries()) {
    const at = layout.servers[l]! - 4;
    const places = powerOfTwo(servers * replicas);
    code.push(
      `var since${l} = bitcast<f32>(kept(${at}u)); var offset${l} = bitcast<f32>(kept(${at + 1}u)); var turn${l} = kept(${at + 2}u);`,
      `var free${l}: array<f32, ${places}>; for (var i = 0u; i < ${places}u; i++) { free${l}[i] = bitcast<f32>(kept(${at + 4}u + i)); }`,
      `let servers${l} = whole(${layout.line[l]!}u); let replicas${l} = whole(${layout.line[l]! + 1}u); let room${l} = whole(${layout.line[l]! + 2}u);`,
      `var waits${l} = 0.0;`,
    );
    const spaces = roomOf(room);
    if (spaces > 0)
      code.push(
        `var oldest${l} = kept(${at + 3}u);`,
        `var starts${l}: array<f32, ${spaces}>; for (var i = 0u; i < ${spaces}u; i++) { starts${l}[i] = bitcast<f32>(kept(${layout.room[l]!}u + i)); }`,
      );
    const out = layout.lines + lineWords * l;
    code.push(
      `var rejected${l} = kept(${out + 2}u); var atHalf${l} = kept(${out + 3}u); var atLate${l} = kept(${out + 4}u); var atLast${l} = kept(${out + 5}u); var came${l} = kept(${out + 6}u);`,
    );
  }
  for (const f of frames.keys()) {
    const out = layout.frames + frameWords * f;
    code.push(
      `var arrivals${f} = kept(${out}u); var done${f} = kept(${out + 1}u); var errors${f} = kept(${out + 2}u);`,
      `var longest${f} = bitcast<f32>(kept(${out + 7}u)); var longestWait${f} = bitcast<f32>(kept(${out + 10}u));`,
      `var area${f} = 0.0; var latency${f} = 0.0; var wait${f} = 0.0; var began${f} = 0.0; var waited${f} = 0.0;`,
    );
  }
  const busy = busyOf({ ...plan, lines, frames });
  for (const gauge of busy) code.push(`var busy${gauge} = 0.0;`);
  for (const [i, place] of exactPlaces({ ...plan, lines, frames }, layout).entries())
    code.push(`exact[${i}] = vec2<u32>(kept(${place}u), kept(${place + 1}u));`);
  return code.join("\n  ");
}

/** Where the exact sums lie in a task's state, in their order: three of each frame, one of each line and gauge. */
function exactPlaces(plan: RecursionPlan, layout: ShaderLayout): readonly number[] {
  return [
    ...plan.frames.flatMap((_, f) => [3, 5, 8].map((word) => layout.frames + frameWords * f + word)),
    ...plan.lines.map((_, l) => layout.lines + lineWords * l),
    ...busyOf(plan).map((_, i) => layout.busy + 2 * i),
  ];
}

function foldAll(plan: RecursionPlan): string {
  const names = [
    ...plan.frames.flatMap((_, f) => [`area${f}`, `latency${f}`, `wait${f}`]),
    ...plan.lines.map((_, l) => `waits${l}`),
    ...busyOf(plan).map((gauge) => `busy${gauge}`),
  ];
  return names.map((name, i) => `fold(${i}u, ${name}); ${name} = 0.0;`).join("\n      ");
}

function store(plan: RecursionPlan, layout: ShaderLayout): string {
  const { lines, frames } = plan;
  const code: string[] = [`keep(${layout.inside}u, inside);`];
  for (const [l, { servers, replicas, room }] of lines.entries()) {
    const at = layout.servers[l]! - 4;
    const places = powerOfTwo(servers * replicas);
    const spaces = roomOf(room);
    const out = layout.lines + lineWords * l;
    code.push(
      `keep(${at}u, bitcast<u32>(since${l})); keep(${at + 1}u, bitcast<u32>(offset${l})); keep(${at + 2}u, turn${l});`,
      `for (var i = 0u; i < ${places}u; i++) { keep(${at + 4}u + i, bitcast<u32>(free${l}[i])); }`,
      `keep(${out + 2}u, rejected${l}); keep(${out + 3}u, atHalf${l}); keep(${out + 4}u, atLate${l}); keep(${out + 5}u, atLast${l}); keep(${out + 6}u, came${l});`,
    );
    if (spaces > 0)
      code.push(
        `keep(${at + 3}u, oldest${l}); for (var i = 0u; i < ${spaces}u; i++) { keep(${layout.room[l]!}u + i, bitcast<u32>(starts${l}[i])); }`,
      );
  }
  for (const f of frames.keys()) {
    const out = layout.frames + frameWords * f;
    code.push(
      `keep(${out}u, arrivals${f}); keep(${out + 1}u, done${f}); keep(${out + 2}u, errors${f});`,
      `keep(${out + 7}u, bitcast<u32>(longest${f})); keep(${out + 10}u, bitcast<u32>(longestWait${f}));`,
    );
  }
  for (const [i, place] of exactPlaces(plan, layout).entries())
    code.push(`keep(${place}u, exact[${i}].x); keep(${place + 1}u, exact[${i}].y);`);
  return code.join("\n  ");
}

/** A stage as code. What is inside a frame, and how long, is of the time between the ends of warm-up and run. */
function emit(
  stage: Stage,
  at: {
    readonly plan: RecursionPlan;
    readonly layout: ShaderLayout;
    readonly held: ReadonlySet<number>;
    readonly open: number[];
  },
): string {
  const overlap = (from: string, to: string): string => `max(0.0, min(${to}, toLast) - max(${from}, toWarm))`;
  const counted = (time: string): string => `(${time} > toWarm && ${time} <= toLast)`;
  const closing = (f: number): string =>
    `if (${counted(`began${f}`)}) { arrivals${f}++; } area${f} += ${overlap(`began${f}`, "r")};`;
  switch (stage.do) {
    case "begin":
      at.open.push(stage.frame);
      return `      began${stage.frame} = r; waited${stage.frame} = 0.0;`;
    case "work": {
      const draw = at.held.has(stage.work) ? "" : `let work${stage.work} = next${stage.work + 1}(); `;
      const busy = stage.busy < 0 ? "" : `busy${stage.busy} += ${overlap("r", `r + work${stage.work}`)}; `;
      return `      ${draw}${busy}r += work${stage.work};`;
    }
    case "end": {
      const f = stage.frame;
      at.open.pop();
      const observe = `let took = r - began${f}; latency${f} += took; longest${f} = max(longest${f}, took); record(${2 * f}u, took);
        if (waited${f} > 0.0) { wait${f} += waited${f}; longestWait${f} = max(longestWait${f}, waited${f}); record(${2 * f + 1}u, waited${f}); }`;
      return `      ${closing(f)} if (${counted("r")}) { done${f}++; ${observe} }`;
    }
    case "serve": {
      const l = stage.line;
      const { room } = at.plan.lines[l]!;
      const works = stage.works.map((work) => `let work${work} = next${work + 1}();`).join(" ");
      const hold = stage.works.map((work) => ` + work${work}`).join("");
      const spaces = roomOf(room);
      const fails = at.open.map((f) => `${closing(f)} if (${counted("r")}) { errors${f}++; }`).join(" ");
      const rooms =
        spaces === 0
          ? ""
          : `
      for (var i = 0u; i < room${l}; i++) { starts${l}[i] -= passed${l}; }
      if (least${l} > 0.0 && (room${l} == 0u || starts${l}[oldest${l}] > 0.0)) {
        if (${counted("r")}) { rejected${l}++; }
        ${fails}
        break;
      }
      if (least${l} > 0.0) { starts${l}[oldest${l}] = least${l}; oldest${l} = select(oldest${l} + 1u, 0u, oldest${l} + 1u == room${l}); }`;
      return `
      ${works}
      let passed${l} = since${l} + (r - offset${l});
      since${l} = 0.0; offset${l} = r;
      for (var i = 0u; i < servers${l} * replicas${l}; i++) { free${l}[i] = max(0.0, free${l}[i] - passed${l}); }
      var server${l} = turn${l} * servers${l};
      var least${l} = free${l}[server${l}];
      for (var i = server${l} + 1u; i < (turn${l} + 1u) * servers${l}; i++) {
        if (free${l}[i] < least${l}) { least${l} = free${l}[i]; server${l} = i; }
      }
      turn${l} = select(turn${l} + 1u, 0u, turn${l} + 1u == replicas${l});
      if (r > toHalf && r <= toLast) { came${l}++; }${rooms}
      free${l}[server${l}] = least${l}${hold};
      if (least${l} > 0.0) {
        waits${l} += ${overlap("r", `r + least${l}`)};
        if (r <= toHalf && r + least${l} > toHalf) { atHalf${l}++; }
        if (r <= toLate && r + least${l} > toLate) { atLate${l}++; }
        if (r <= toLast && r + least${l} > toLast) { atLast${l}++; }
        waited${stage.frame} = least${l};
        r += least${l};
      }`;
    }
  }
}
