const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** The upper 32 bits of a float: sign, exponent and the first 20 bits of the fraction. Little-endian machines only. */
export function highWord(x: number): number {
  float[0] = x;
  return words[1]! | 0;
}

/** The float whose lower word is that of `x` and whose upper word is `high`. */
export function withHighWord(x: number, high: number): number {
  float[0] = x;
  words[1] = high | 0;
  return float[0]!;
}

/** 2^k for -1022 ≤ k ≤ 1023, exactly. */
export function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return float[0]!;
}
