import { float, highWord, infinity, nan, whole, withHighWord } from "./platform.js";

// Transcendental functions in our own source: a platform's differ in the last place, and one draw that differs
// changes everything after it. The algorithms and coefficients are those of FreeBSD's msun (fdlibm); error < 1 ulp.

/** Natural logarithm of a normal positive number; -Infinity at 0, NaN below. */
export function log(x: f64): f64 {
  const ln2High: f64 = 0.6931471803691238;
  const ln2Low: f64 = 1.9082149292705877e-10;
  if (!(x > 0)) return x === 0 ? -infinity : nan;
  if (x === infinity) return x;
  let scaled = x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 18014398509481984; // subnormal: × 2^54
    k = -54;
  }
  let high = highWord(scaled);
  k = (k + (high >> 20) - 1023) | 0;
  high = high & 0xfffff;
  // Brings the fraction into [sqrt(2)/2, sqrt(2)].
  const i = (high + 0x95f64) & 0x100000;
  const y = withHighWord(scaled, high | (i ^ 0x3ff00000));
  k = (k + (i >> 20)) | 0;
  const f: f64 = y - 1;
  const s: f64 = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const r = odd + even;
  const half = 0.5 * f * f;
  return float(k) * ln2High - (half - (s * (half + r) + float(k) * ln2Low) - f);
}

/** e^x. */
export function exp(x: f64): f64 {
  const ln2High: f64 = 0.6931471803691238;
  const ln2Low: f64 = 1.9082149292705877e-10;
  if (!(x <= 709.782712893384)) return x > 0 ? infinity : x;
  if (x < -745.1332191019411) return 0;
  let k = 0;
  let high = x;
  let low: f64 = 0;
  if (x > 0.34657359027997264 || x < -0.34657359027997264) {
    k = whole(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
    high = x - float(k) * ln2High;
    low = float(k) * ln2Low;
  }
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  const y: f64 = 1 - (low - (r * c) / (2 - c) - high);
  if (k === 0) return y;
  if (k < -1021) return y * powerOfTwo(k + 1000) * 9.332636185032189e-302; // 2^-1000, for subnormal results
  if (k > 1023) return y * 2 * powerOfTwo(k - 1);
  return y * powerOfTwo(k);
}

/** 2^k for -1022 ≤ k ≤ 1023, exactly. */
function powerOfTwo(k: i32): f64 {
  return withHighWord(0, (k + 1023) << 20);
}
