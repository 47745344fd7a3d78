import { float, ints, unsigned } from "./platform.js";

// Chris Doty-Humphrey's sfc32: three words and a counter, so no cycle is shorter than 2^32, and each of the
// 2^96 seeds starts another one. Small, quick in 32-bit integers, passes PractRand.

let a = 0;
let b = 0;
let c = 0;
let d = 0;

/** Takes the state of the stream that lies at a place: four words. */
export function loadStream(at: i32): void {
  const I = ints();
  a = I[at];
  b = I[at + 1];
  c = I[at + 2];
  d = I[at + 3];
}

/** Begins a stream from three words of a seed. */
export function beginStream(x: i32, y: i32, z: i32): void {
  a = x;
  b = y;
  c = z;
  d = 1;
}

/** Changes the state by a fourth word of the seed. */
export function stirStream(x: i32): void {
  a = a ^ x;
}

/** Puts the state back. */
export function storeStream(at: i32): void {
  const I = ints();
  I[at] = a;
  I[at + 1] = b;
  I[at + 2] = c;
  I[at + 3] = d;
}

/** 32 random bits. */
export function word(): i32 {
  const t = (((a + b) | 0) + d) | 0;
  d = (d + 1) | 0;
  a = b ^ (b >>> 9);
  b = (c + (c << 3)) | 0;
  c = (((c << 21) | (c >>> 11)) + t) | 0;
  return t;
}

/** Uniform on (0, 1): 52 bits and a half, so that neither end is ever drawn. */
export function uniform(): f64 {
  const high = word() >>> 6;
  const low = word() >>> 6;
  return (float(high) * 67108864 + float(low) + 0.5) * 2.220446049250313e-16;
}

/** A random number of 56 bits and a half below 2^56, and the eight bits beside it. */
export let besides: i32 = 0;
export function place(): f64 {
  const first = word();
  besides = first & 255;
  return float(first >>> 8) * 4294967296 + unsigned(word()) + 0.5;
}
