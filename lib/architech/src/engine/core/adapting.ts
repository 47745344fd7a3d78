import * as at from "./addresses.js";
import { usableShare } from "./limiting.js";
import { log } from "./log-exp.js";
import { float, floats, floor, ints, whole } from "./platform.js";

// A limit of concurrency that follows what it measures, after Netflix's concurrency-limits: 6 AIMD, 7 Vegas, 8
// Gradient2. Ints: inside (1), gauge of the limit (2), latencies seen (3), until the next probe (4). Doubles: limit,
// least, most, latency without load (Vegas) or in the long run (Gradient2), what is too slow (AIMD) or tolerated
// (Gradient2), the limit at first.

/** Lets a call through (0) or refuses it (-1). The frame notes in its first register how many are under way with it. */
export function adaptEnter(p: i32, f: i32): f64 {
  const I = ints();
  if (floats()[(p >> 1) + 8] === 0) set(p, floats()[(p >> 1) + 13]);
  if (float(I[p + 1]) >= floor(floats()[(p >> 1) + 8]) * usableShare(p, f)) return -1;
  I[p + 1] = I[p + 1] + 1;
  I[f + 9] = I[p + 1];
  return 0;
}

/** Learns from a call that is over. */
export function adaptLeave(p: i32, f: i32, failed: boolean): void {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const inside = float(I[f + 9]);
  I[p + 1] = I[p + 1] - 1;
  const latency = D[at.now] - D[(f >> 1) + 8];
  let limit = D[d];
  if (I[p] === 6) {
    if (failed || latency > D[d + 4]) limit *= 0.9;
    else if (inside * 2 >= limit) limit += 1;
  } else if (I[p] === 7) limit = vegas(p, limit, inside, latency, failed);
  else limit = gradient(p, limit, inside, latency);
  if (limit < D[d + 1]) limit = D[d + 1];
  if (limit > D[d + 2]) limit = D[d + 2];
  set(p, limit);
}

function set(p: i32, limit: f64): void {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  const gauge = I[p + 2];
  const change = floor(limit) - floor(D[d]);
  D[d] = limit;
  if (change === 0) return;
  D[I[at.gauges] + gauge] = D[I[at.gauges] + gauge] - change * D[at.now];
  I[I[at.gaugeCounts] + gauge] = I[I[at.gaugeCounts] + gauge] + whole(change);
}

/** Keeps what waits, estimated from the least latency seen, between 3 and 6 times the logarithm of the limit. */
function vegas(p: i32, limit: f64, inside: f64, latency: f64, failed: boolean): f64 {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  if (!(latency > 0)) return limit;
  I[p + 4] = I[p + 4] + 1;
  // The least latency is looked for anew every 30 times the limit.
  if (float(I[p + 4]) > 30 * limit) {
    I[p + 4] = 0;
    D[d + 3] = latency;
    return limit;
  }
  if (D[d + 3] === 0 || latency < D[d + 3]) {
    D[d + 3] = latency;
    return limit;
  }
  let step: f64 = floor(log(limit) / log(10) + 1e-9);
  if (step < 1) step = 1;
  if (failed) return limit - step;
  if (inside * 2 < limit) return limit;
  const waiting = -floor(-limit * (1 - D[d + 3] / latency));
  if (waiting <= step) return limit + 6 * step;
  if (waiting < 3 * step) return limit + step;
  if (waiting > 6 * step) return limit - step;
  return limit;
}

/** Follows the ratio of the latency in the long run to the latest one. */
function gradient(p: i32, limit: f64, inside: f64, latency: f64): f64 {
  const I = ints();
  const D = floats();
  const d = (p >> 1) + 8;
  if (!(latency > 0)) return limit;
  const seen = float(I[p + 3]);
  if (I[p + 3] < 10) {
    I[p + 3] = I[p + 3] + 1;
    D[d + 3] = (D[d + 3] * seen + latency) / (seen + 1);
  } else D[d + 3] = D[d + 3] + ((latency - D[d + 3]) * 2) / 601;
  const long = D[d + 3];
  // Falls faster than an average would when load has gone.
  if (long / latency > 2) D[d + 3] = long * 0.95;
  if (inside < limit / 2) return limit;
  let ratio = (D[d + 4] * long) / latency;
  if (ratio < 0.5) ratio = 0.5;
  if (ratio > 1) ratio = 1;
  return limit * 0.8 + (limit * ratio + 4) * 0.2;
}
