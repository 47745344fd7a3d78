import { exp, log } from "./log-exp.js";
import { floats, floor } from "./platform.js";
import { uniform } from "./random.js";

// Rejection-inversion: Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete
// distributions" (1996). Takes about one try, however many values there are.

/** One draw; doubles: how many values, skew, integral up to 1.5 less 1, integral up to the last, squeeze. */
export function zipf(p: i32): f64 {
  const D = floats();
  const count = D[p];
  const skew = D[p + 1];
  let k: f64 = 0;
  while (k === 0) {
    const u: f64 = D[p + 3] + uniform() * (D[p + 2] - D[p + 3]);
    const x = zipfInverse(u, skew);
    let near = floor(x + 0.5);
    if (near < 1) near = 1;
    if (near > count) near = count;
    if (near - x <= D[p + 4] || u >= zipfIntegral(near + 0.5, skew) - exp(-skew * log(near))) k = near;
  }
  return k;
}

/** ∫ t^−skew dt from 1 to x. */
export function zipfIntegral(x: f64, skew: f64): f64 {
  const logarithm = log(x);
  const t = (1 - skew) * logarithm;
  // (e^t − 1) / t, by its series near 0.
  const slope: f64 = t < 1e-5 && t > -1e-5 ? 1 + t * (0.5 + t * 0.16666666666666666) : (exp(t) - 1) / t;
  return slope * logarithm;
}

/** The x up to which that integral is so much. */
export function zipfInverse(integral: f64, skew: f64): f64 {
  let t = integral * (1 - skew);
  if (t < -1) t = -1;
  // log(1 + t) / t, by its series near 0.
  const slope: f64 = t < 1e-5 && t > -1e-5 ? 1 - t * (0.5 - t * 0.3333333333333333) : log(1 + t) / t;
  return exp(slope * integral);
}
