import * as at from "./addresses.js";
import * as its from "./balancer-places.js";
import { exp } from "./log-exp.js";
import { float, floats, ints, whole } from "./platform.js";

/** A request that a candidate was chosen for is over, after so long. */
export function answered(b: i32, c: i32, failed: boolean, latency: f64): void {
  const I = ints();
  const D = floats();
  const d = c >> 1;
  I[c + its.candidateInside] = I[c + its.candidateInside] - 1;
  if (failed) {
    fail(b, c);
    return;
  }
  I[c + its.candidateFailures] = 0;
  if (I[b + its.balancerBy] !== 4) return;
  const old = D[d + its.candidateLatency];
  // A peak counts at once, what is less by and by.
  const k = exp((D[d + its.candidateHeard] - D[at.now]) / D[(b >> 1) + its.balancerDecay]);
  D[d + its.candidateLatency] = latency > old ? latency : latency + (old - latency) * k;
  D[d + its.candidateHeard] = D[at.now];
}

/** One more failure: the last of so many in a row excludes a candidate for a time, unless enough are excluded. */
function fail(b: i32, c: i32): void {
  const I = ints();
  const D = floats();
  if (I[b + its.balancerFailures] === 0) return;
  I[c + its.candidateFailures] = I[c + its.candidateFailures] + 1;
  if (I[c + its.candidateFailures] < I[b + its.balancerFailures]) return;
  const now = D[at.now];
  const d = c >> 1;
  if (D[d + its.candidateUntil] > now) return;
  let out = 0;
  for (let i = 0; i < I[b + its.balancerCount]; i++)
    if (D[((I[b + its.balancerFirst] + its.candidateStride * i) >> 1) + its.candidateUntil] > now) out++;
  if (out > 0 && float(out + 1) > D[(b >> 1) + its.balancerMost] * float(I[b + its.balancerCount])) return;
  const time = D[(b >> 1) + its.balancerFor];
  // For each such time without an ejection one is forgotten.
  const forgotten = D[d + its.candidateUntil] > 0 ? (now - D[d + its.candidateUntil]) / time : 0;
  let ejections = I[c + its.candidateEjections] - (forgotten < 100 ? whole(forgotten) : 100);
  if (ejections < 0) ejections = 0;
  if (ejections < 10) ejections++;
  I[c + its.candidateEjections] = ejections;
  I[c + its.candidateFailures] = 0;
  D[d + its.candidateUntil] = now + time * float(ejections);
  const counter = I[at.counters] + I[b + its.balancerEjections];
  if (I[b + its.balancerEjections] >= 0) D[counter] = D[counter] + 1;
}

/**
 * A look at a candidate is over, with an answer or without: so many in a row that see otherwise than is known change what
 * is known. The frame has waited for the answer.
 */
export function checkHealth(b: i32, nth: i32, silent: boolean, f: i32): void {
  const I = ints();
  const D = floats();
  // Where the time for the answer was over it was no timeout of a step.
  if (silent && I[f + 4] > 0) D[at.timeouts] = D[at.timeouts] - 1;
  const c = I[b + its.balancerFirst] + its.candidateStride * nth;
  const down = silent ? 1 : 0;
  if (down === I[c + its.candidateDown]) {
    I[c + its.candidateStreak] = 0;
    return;
  }
  I[c + its.candidateStreak] = I[c + its.candidateStreak] + 1;
  if (I[c + its.candidateStreak] < I[b + (down === 1 ? its.balancerDown : its.balancerUp)]) return;
  I[c + its.candidateDown] = down;
  I[c + its.candidateStreak] = 0;
}
