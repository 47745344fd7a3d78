import * as at from "./addresses.js";
import * as its from "./balancer-places.js";
import { mix } from "./hashing.js";
import { float, floats, infinity, ints, whole } from "./platform.js";
import { beside, insideOf } from "./replicas.js";
import { sample } from "./sampling.js";
import { keep, keptFor } from "./stickiness.js";

/** Whether the candidate that was chosen last was kept for its key. */
export let wasKept: boolean = false;

/** Chooses a candidate for a frame, or 0 when there is none: of replicas that come and go, none may be ready. May take memory. */
export function pick(b: i32, f: i32): i32 {
  const I = ints();
  const key = I[at.wide] === 0 ? 0 : I[f + 25];
  wasKept = false;
  let c = I[b + its.balancerMask] < 0 || key === 0 ? 0 : keptFor(b, key);
  if (c !== 0 && canBeHad(c)) wasKept = true;
  else {
    c = chosen(b, key);
    if (c === 0) return 0;
    if (ints()[b + its.balancerMask] >= 0 && key !== 0) keep(b, key, c);
  }
  ints()[c + its.candidateInside] = ints()[c + its.candidateInside] + 1;
  return c;
}

/** Whether a candidate is there, up as far as is known, and not ejected. */
function canBeHad(c: i32): boolean {
  const I = ints();
  const there =
    isThere(c) && I[c + its.candidateDown] === 0 && floats()[(c >> 1) + its.candidateUntil] <= floats()[at.now];
  if (there && I[c + its.candidateThere] === 0) {
    floats()[(c >> 1) + its.candidateSince] = floats()[at.now];
    floats()[(c >> 1) + its.candidateLatency] = -1;
  }
  I[c + its.candidateThere] = there ? 1 : 0;
  return there;
}

/** Whether a replica is ready, where replicas come and go. */
function isThere(c: i32): boolean {
  const I = ints();
  const s = I[c + its.candidateStation];
  if (s === 0 || I[at.replicas] === 0) return true;
  const own = beside(s);
  return I[own] === 0 || I[own + 1] === 2;
}

function chosen(b: i32, key: i32): i32 {
  look(b);
  const n = listed(b);
  if (n === 0) return 0;
  const by = ints()[b + its.balancerBy];
  if (by === 0) return inTurn(b, n);
  if (by === 1) return byWeight(b, n);
  if (by === 2 || by === 4) return least(b, n);
  if (by === 3) return idle(b, n);
  if (by === 5) return onRing(b, n, key);
  return ints()[ints()[b + its.balancerList]];
}

/** Lists those to choose from: near ones first of all, and where nobody can be had all that are there. Returns how many. */
function listed(b: i32): i32 {
  const I = ints();
  const list = I[b + its.balancerList];
  let n = 0;
  let near = 0;
  for (let i = 0; i < I[b + its.balancerCount]; i++) {
    const c = I[b + its.balancerFirst] + its.candidateStride * i;
    if (!canBeHad(c)) continue;
    if (I[b + its.balancerNearest] === 1 && I[c + its.candidateNear] === 1) {
      I[list + near] = c;
      near++;
    } else if (near === 0) {
      I[list + n] = c;
      n++;
    }
  }
  if (near > 0) return near;
  if (n > 0) return n;
  for (let i = 0; i < I[b + its.balancerCount]; i++) {
    const c = I[b + its.balancerFirst] + its.candidateStride * i;
    if (!isThere(c)) continue;
    I[list + n] = c;
    n++;
  }
  return n;
}

/** Looks at the loads anew, where what is known of them is too old. */
function look(b: i32): void {
  const I = ints();
  const D = floats();
  const d = b >> 1;
  if (D[d + its.balancerStale] === 0 || D[at.now] < D[d + its.balancerLooked] + D[d + its.balancerStale]) return;
  D[d + its.balancerLooked] = D[at.now];
  for (let i = 0; i < I[b + its.balancerCount]; i++) {
    const c = I[b + its.balancerFirst] + its.candidateStride * i;
    I[c + its.candidateSeen] = inside(c);
  }
}

/** Requests inside, waiting ones included. */
function inside(c: i32): i32 {
  const I = ints();
  const s = I[c + its.candidateStation];
  return s === 0 ? I[c + its.candidateInside] : insideOf(s);
}

function load(b: i32, c: i32): i32 {
  return floats()[(b >> 1) + its.balancerStale] === 0 ? inside(c) : ints()[c + its.candidateSeen];
}

/** Its weight: of one that has just come a part of it, from a tenth on. */
function weight(b: i32, c: i32): f64 {
  const D = floats();
  const slow = D[(b >> 1) + its.balancerSlow];
  const own = D[(c >> 1) + its.candidateWeight];
  const age: f64 = D[at.now] - D[(c >> 1) + its.candidateSince];
  if (age >= slow) return own;
  return own * (age < 0.1 * slow ? 0.1 : age / slow);
}

/** Smooth weighted turns, as nginx's: each saves up its weight, and the one with the most pays for all. */
function inTurn(b: i32, n: i32): i32 {
  const I = ints();
  const D = floats();
  const list = I[b + its.balancerList];
  let best = 0;
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const c = I[list + i];
    const d = (c >> 1) + its.candidateCurrent;
    const own = weight(b, c);
    total += own;
    D[d] = D[d] + own;
    if (best === 0 || D[d] > D[(best >> 1) + its.candidateCurrent]) best = c;
  }
  D[(best >> 1) + its.candidateCurrent] = D[(best >> 1) + its.candidateCurrent] - total;
  return best;
}

/** Any, in proportion to the weights. */
function byWeight(b: i32, n: i32): i32 {
  const u = sample(ints()[b + its.balancerSite]);
  const list = ints()[b + its.balancerList];
  let total: f64 = 0;
  for (let i = 0; i < n; i++) total += weight(b, ints()[list + i]);
  let rest: f64 = u * total;
  for (let i = 0; i < n - 1; i++) {
    rest -= weight(b, ints()[list + i]);
    if (rest < 0) return ints()[list + i];
  }
  return ints()[list + n - 1];
}

/** The least cost of all, ties in turn, or of so many drawn without replacement, the first drawn of those alike. */
function least(b: i32, n: i32): i32 {
  const choices = ints()[b + its.balancerChoices];
  let best = 0;
  let lowest: f64 = infinity;
  if (choices > 0) {
    for (let k = 0; k < choices && k < n; k++) {
      const u = sample(ints()[b + its.balancerSite]);
      const I = ints();
      const list = I[b + its.balancerList];
      const r = k + whole(u * float(n - k));
      const c = I[list + r];
      I[list + r] = I[list + k];
      I[list + k] = c;
      const own = cost(b, c);
      if (best === 0 || own < lowest) {
        lowest = own;
        best = c;
      }
    }
    return best;
  }
  const I = ints();
  const list = I[b + its.balancerList];
  let turn = I[b + its.balancerTurn] < n ? I[b + its.balancerTurn] : 0;
  let after = 0;
  for (let i = 0; i < n; i++) {
    const c = I[list + turn];
    turn = turn + 1 === n ? 0 : turn + 1;
    const own = cost(b, c);
    if (best === 0 || own < lowest) {
      lowest = own;
      best = c;
      after = turn;
    }
  }
  I[b + its.balancerTurn] = after;
  return best;
}

/** What one more request would meet there. Who was never heard of and has a request already comes after all others. */
function cost(b: i32, c: i32): f64 {
  const requests = load(b, c);
  const share: f64 = float(requests + 1) / weight(b, c);
  if (ints()[b + its.balancerBy] !== 4) return share;
  const latency = floats()[(c >> 1) + its.candidateLatency];
  if (latency >= 0) return latency * share;
  return requests === 0 ? 0 : 1e300 * float(requests);
}

/** Any that has a free server, or nothing to do; where nobody has, any. */
function idle(b: i32, n: i32): i32 {
  const I = ints();
  const list = I[b + its.balancerList];
  let free = 0;
  for (let i = 0; i < n; i++) {
    const c = I[list + i];
    const s = I[c + its.candidateStation];
    if (load(b, c) >= (s === 0 ? 1 : I[s + 7])) continue;
    I[list + i] = I[list + free];
    I[list + free] = c;
    free++;
  }
  return byWeight(b, free === 0 ? n : free);
}

/** The first point at or after the key's hash whose owner can be had and, where there is a bound, has not too much to do. */
function onRing(b: i32, n: i32, key: i32): i32 {
  const I = ints();
  const ring = I[b + its.balancerRing];
  const points = I[b + its.balancerPoints];
  const hash = mix(key);
  let low = 0;
  let high = points;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (I[ring + 2 * middle] < hash) low = middle + 1;
    else high = middle;
  }
  const list = I[b + its.balancerList];
  const bound = floats()[(b >> 1) + its.balancerBound];
  let room: f64 = infinity;
  if (bound < infinity) {
    let total = 1;
    for (let i = 0; i < n; i++) total += inside(I[list + i]);
    room = (bound * float(total)) / float(n);
  }
  for (let i = 0; i < points; i++) {
    if (low === points) low = 0;
    const c = I[ring + 2 * low + 1];
    low++;
    if (I[c + its.candidateThere] === 1 && float(inside(c)) < room) return c;
  }
  // Nobody can be had: as all are alike then, whose turn it is by the key.
  return I[list + ((hash >>> 1) % n)];
}
