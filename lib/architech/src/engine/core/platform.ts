// What the portable source stands on when it runs as JavaScript. `wasm/platform.ts` is the same for WebAssembly:
// there, memory is linear memory and everything here is one instruction.

declare global {
  /** A whole number of 32 bits. */
  type i32 = number;
  /** A double. */
  type f64 = number;
}

/** Memory as whole numbers of 32 bits; a place is an index. */
export type Ints = { [at: number]: i32 };
/** The same memory as doubles: the double at place n lies over the ints at 2n and 2n + 1. */
export type Floats = { [at: number]: f64 };

let i32s = new Int32Array(0);
let f64s = new Float64Array(0);
/** Where memory may grow to, in ints. */
let most = 0;
let exact = false;

/** Whether the instructions from 40 on are there: WebAssembly is compiled with them and, for models that do without, without them. */
export const extended = true;

/**
 * Makes a memory the one at hand, from now until the next call. `frugal`: it grows by no more than it must, so that it
 * moves each time, which shows who goes on with views that are stale.
 */
export function enter(buffer: ArrayBuffer, maxInts: number, frugal = false): void {
  i32s = new Int32Array(buffer);
  f64s = new Float64Array(buffer);
  most = maxInts;
  exact = frugal;
}

/** The memory at hand: another one than was entered once it has grown. */
export function current(): ArrayBuffer {
  return i32s.buffer;
}

export function ints(): Ints {
  return i32s;
}

export function floats(): Floats {
  return f64s;
}

/** Makes memory hold at least this many ints; false when it may not. Views that were asked for before are stale. */
export function reserve(count: i32): boolean {
  if (count <= i32s.length) return true;
  if (count > most) return false;
  const grown = new Int32Array((Math.min(exact ? count : Math.max(count, i32s.length * 2), most) + 1) & ~1);
  grown.set(i32s);
  i32s = grown;
  f64s = new Float64Array(grown.buffer);
  return true;
}

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

/** The upper 32 bits of a double: sign, exponent and the first 20 bits of the fraction. Little-endian machines only. */
export function highWord(x: f64): i32 {
  bits[0] = x;
  return words[1]!;
}

/** The double whose lower word is that of `x` and whose upper word is `high`. */
export function withHighWord(x: f64, high: i32): f64 {
  bits[0] = x;
  words[1] = high;
  return bits[0]!;
}

/** A whole number as a double. */
export function float(x: i32): f64 {
  return x;
}

/** A whole number read without its sign, as a double. */
export function unsigned(x: i32): f64 {
  return x >>> 0;
}

/** A double that fits, without its fraction. */
export function whole(x: f64): i32 {
  return x | 0;
}

/** The lower 32 bits of a product of whole numbers. */
export function multiply(a: i32, b: i32): i32 {
  return Math.imul(a, b);
}

/** The largest whole number that is not more. */
export function floor(x: f64): f64 {
  return Math.floor(x);
}

/** The square root. */
export function root(x: f64): f64 {
  return Math.sqrt(x);
}

export const infinity: f64 = Number.POSITIVE_INFINITY;
export const nan: f64 = Number.NaN;

/** Ends what cannot go on: an instruction that there is not. */
export function stuck(): void {
  throw new Error("the program holds an instruction that the machine does not know");
}
