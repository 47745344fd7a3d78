// The platform of the portable source in WebAssembly; `src/engine/core/platform.ts` says what each function is.
// @ts-nocheck: AssemblyScript, compiled by wasm/build.mjs in place of the JavaScript one.

/** In a checked build, ends what reaches beyond the memory that is taken; else nothing. `16` is `top` of addresses.ts. */
@inline
function check(at: i32): void {
  if (isDefined(ARCHITECH_CHECKED)) {
    if (<u32>at >= <u32>load<i32>(16 << 2)) unreachable();
  }
}

export const extended: bool = isDefined(ARCHITECH_EXTENDED);

@unmanaged
export class Ints {
  @inline @operator("[]") __get(at: i32): i32 {
    check(at);
    return load<i32>(<usize>at << 2);
  }
  @inline @operator("[]=") __set(at: i32, value: i32): void {
    check(at);
    store<i32>(<usize>at << 2, value);
  }
}

@unmanaged
export class Floats {
  @inline @operator("[]") __get(at: i32): f64 {
    check(at << 1);
    return load<f64>(<usize>at << 3);
  }
  @inline @operator("[]=") __set(at: i32, value: f64): void {
    check(at << 1);
    store<f64>(<usize>at << 3, value);
  }
}

@inline
export function ints(): Ints {
  return changetype<Ints>(0);
}

@inline
export function floats(): Floats {
  return changetype<Floats>(0);
}

export function reserve(count: i32): bool {
  const pages = (<i64>count * 4 + 65535) >> 16;
  const held = <i64>memory.size();
  if (pages <= held) return true;
  // Doubling keeps the number of growths small; where that is too much, what is needed may still be had.
  if (memory.grow(<i32>(max(pages, held * 2) - held)) >= 0) return true;
  return memory.grow(<i32>(pages - held)) >= 0;
}

@inline
export function highWord(x: f64): i32 {
  return <i32>(reinterpret<i64>(x) >> 32);
}

@inline
export function withHighWord(x: f64, high: i32): f64 {
  return reinterpret<f64>((reinterpret<i64>(x) & 0xffffffff) | (<i64>high << 32));
}

@inline
export function float(x: i32): f64 {
  return <f64>x;
}

@inline
export function unsigned(x: i32): f64 {
  return <f64>(<u32>x);
}

@inline
export function whole(x: f64): i32 {
  return <i32>x;
}

@inline
export function floor(x: f64): f64 {
  return Math.floor(x);
}

@inline
export function root(x: f64): f64 {
  return sqrt(x);
}

export const infinity: f64 = Infinity;
export const nan: f64 = NaN;

export function stuck(): void {
  unreachable();
}
