import type { Distribution } from "../engine/distribution.js";

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

/** What draws: the engine's generator, ziggurat and methods, in 32 bits. They draw from the stream in `s`. */
export const generators = `fn word() -> u32 {
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
}`;

/** A function that draws, and those of its parts. */
export function drawFunctions(name: string, from: Distribution, at: number): string {
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
