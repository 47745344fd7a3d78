import { exponential } from "./exponential.js";
import { exp, log } from "./log-exp.js";
import { float, floats, floor, ints, root, whole } from "./platform.js";
import { uniform } from "./random.js";
import { zipf } from "./zipf.js";

/** One draw of the distribution at a place: four ints (see `lay-distribution.ts`). */
export function draw(at: i32): f64 {
  const I = ints();
  const D = floats();
  const p = I[at + 1];
  switch (I[at]) {
    case 0: // constant
      return D[p];
    case 1: // uniform
      return D[p] + (D[p + 1] - D[p]) * uniform();
    case 2: // exponential
      return exponential() * D[p];
    case 3: {
      // erlang
      let sum: f64 = 0;
      for (let i = 0; i < I[at + 2]; i++) sum += exponential();
      return (sum * D[p]) / float(I[at + 2]);
    }
    case 4: // lognormal
      return exp(D[p] + D[p + 1] * normal());
    case 5: // pareto
      return D[p] * exp(exponential() / D[p + 1]);
    case 6: {
      // mixture
      const count = I[at + 2];
      let total: f64 = 0;
      for (let i = 0; i < count; i++) total += D[p + i];
      let left = uniform() * total;
      for (let i = 0; i < count; i++) {
        left -= D[p + i];
        if (left < 0) return draw(I[at + 3] + 4 * i);
      }
      return draw(I[at + 3] + 4 * (count - 1));
    }
    case 7: // empirical
      return D[p + whole(uniform() * float(I[at + 2]))];
    case 8: // gamma
      return (gamma(D[p + 1]) * D[p]) / D[p + 1];
    case 9: // weibull
      return D[p] * exp(log(exponential()) / D[p + 1]);
    case 10: // zipf
      return zipf(p);
    case 11: // geometric
      return 1 + floor(exponential() * D[p]);
    default:
      return 0;
  }
}

/** Gamma of this shape and the scale 1: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). */
function gamma(shape: f64): f64 {
  // Below 1: that of one more, times U^(1/shape).
  const boost: f64 = shape < 1 ? exp(-exponential() / shape) : 1;
  const d: f64 = (shape < 1 ? shape + 1 : shape) - 0.3333333333333333;
  const c: f64 = 1 / root(9 * d);
  let drawn: f64 = -1;
  while (drawn < 0) {
    const x = normal();
    const root3: f64 = 1 + c * x;
    if (root3 > 0) {
      const v = root3 * root3 * root3;
      // log U < …, with −log U exponential.
      if (-exponential() < 0.5 * x * x + d - d * v + d * log(v)) drawn = d * v;
    }
  }
  return drawn * boost;
}

/** Standard normal, by Marsaglia's polar method; the second value of a pair is let go, so that a draw keeps no state. */
function normal(): f64 {
  let u: f64 = 0;
  let s: f64 = 1;
  while (s >= 1) {
    u = 2 * uniform() - 1;
    const v: f64 = 2 * uniform() - 1;
    s = u * u + v * v;
  }
  return u * root((-2 * log(s)) / s);
}
