/** Erlang C: the probability that an arrival waits, for `servers` offered `load` erlangs. */
export function erlangC(servers: number, load: number): number {
  const blocked = erlangB(servers, load);
  return (servers * blocked) / (servers - load * (1 - blocked));
}

/** Erlang B: the probability that an arrival finds all servers busy where none can wait. */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** Pollaczek–Khinchine: mean wait of M/G/1. `scv` is the squared coefficient of variation of the service time. */
export function pollaczekKhinchine(rate: number, mean: number, scv: number): number {
  const load = rate * mean;
  return (load / (1 - load)) * mean * ((1 + scv) / 2);
}

/** Exact mean value analysis of single servers in a cycle: throughput of `users` who think in between. */
export function meanValueAnalysis(
  demands: readonly number[],
  think: number,
  users: number,
): { throughput: number; response: number } {
  const queue = demands.map(() => 0);
  let throughput = 0;
  let response = 0;
  for (let n = 1; n <= users; n++) {
    const responses = demands.map((demand, i) => demand * (1 + queue[i]!));
    response = responses.reduce((sum, r) => sum + r, 0);
    throughput = n / (think + response);
    responses.forEach((r, i) => {
      queue[i] = throughput * r;
    });
  }
  return { throughput, response };
}

/** GI/M/1: the root σ of σ = A*(μ (1 − σ)) for Erlang arrivals of `shape` stages; the mean sojourn is 1 / (μ (1 − σ)). */
export function erlangArrivalsSojourn(shape: number, rate: number, mean: number): number {
  const mu = 1 / mean;
  let sigma = 0.5;
  for (let i = 0; i < 1000; i++) sigma = ((shape * rate) / (shape * rate + mu * (1 - sigma))) ** shape;
  return 1 / (mu * (1 - sigma));
}

/** Mean sojourn under power of d choices as replicas grow without bound (Mitzenmacher 1996), in service times. */
export function powerOfChoicesLimit(load: number, choices: number): number {
  let sum = 0;
  for (let i = 1; i < 60; i++) sum += load ** ((choices ** i - choices) / (choices - 1));
  return sum;
}

/**
 * Quantile of the wait of M/M/1 where the last to come is the first served. Who arrives at a busy server waits until
 * the busy period that its arrival would begin is over: P(W > t) = ρ P(B > t), with the density of the busy period
 * b(t) = exp(−(λ + μ) t) I₁(2 t √(λμ)) / (t √ρ) (Kleinrock, Queueing Systems I, 5.144).
 */
export function lastComeWaitQuantile(lambda: number, mu: number, q: number): number {
  const load = lambda / mu;
  const decay = (Math.sqrt(mu) - Math.sqrt(lambda)) ** 2;
  const density = (t: number): number =>
    (Math.exp(-decay * t) * scaledBesselI1(2 * t * Math.sqrt(lambda * mu))) / (t * Math.sqrt(load));
  // Integrates the density until so much of the busy period is over; near 0 it is μ.
  const wanted = 1 - (1 - q) / load;
  const step = 0.002 / mu;
  let done = 0;
  let before = mu;
  for (let t = step; ; t += step) {
    const here = density(t);
    const piece = (step * (before + here)) / 2;
    if (done + piece >= wanted) return t - step + (step * (wanted - done)) / piece;
    done += piece;
    before = here;
  }
}

/** exp(−x) I₁(x) = 1/π ∫ exp(x (cos θ − 1)) cos θ dθ from 0 to π: the trapezium rule is exact to rounding here. */
function scaledBesselI1(x: number): number {
  const n = 200;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    const cosine = Math.cos((Math.PI * i) / n);
    sum += (i === 0 || i === n ? 0.5 : 1) * Math.exp(x * (cosine - 1)) * cosine;
  }
  return sum / n;
}

/** Cobham: mean waits of M/G/1 by class, the first first, none interrupted. */
export function cobham(classes: readonly { rate: number; mean: number; scv: number }[]): number[] {
  const residual = classes.reduce((sum, { rate, mean, scv }) => sum + (rate * mean ** 2 * (1 + scv)) / 2, 0);
  let above = 0;
  return classes.map(({ rate, mean }) => {
    const before = above;
    above += rate * mean;
    return residual / ((1 - before) * (1 - above));
  });
}

/** Mean wait of M/M/1 where the shortest is next and none is interrupted (Phipps 1956): ∫ W₀ / (1 − ρ(x))² dF(x). */
export function shortestFirstWait(rate: number, mean: number): number {
  const residual = rate * mean ** 2;
  return integrate((x) => (residual / (1 - partialLoad(rate, mean, x)) ** 2) * density(mean, x), 60 * mean);
}

/** Mean sojourn of M/M/1 where the least that is left is served (Schrage and Miller 1966). */
export function shortestRemainingSojourn(rate: number, mean: number): number {
  const step = mean / 2000;
  let sojourn = 0;
  let second = 0;
  let residence = 0;
  for (let x = step / 2; x < 60 * mean; x += step) {
    const load = partialLoad(rate, mean, x);
    second += x * x * density(mean, x) * step;
    residence += step / (1 - load);
    const wait = (rate * (second + x * x * Math.exp(-x / mean))) / (2 * (1 - load) ** 2);
    sojourn += (wait + residence) * density(mean, x) * step;
  }
  return sojourn;
}

const density = (mean: number, x: number): number => Math.exp(-x / mean) / mean;

/** Load of those that take no longer than x. */
function partialLoad(rate: number, mean: number, x: number): number {
  return rate * (mean - (mean + x) * Math.exp(-x / mean));
}

function integrate(f: (x: number) => number, end: number, steps = 120_000): number {
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += f(((i + 0.5) * end) / steps);
  return (sum * end) / steps;
}

/** Blocking of M/D/1/N, N with the one in service (Brun and Garcia 2000). */
export function deterministicBlocking(load: number, room: number): number {
  const n = room - 1;
  let b = 0;
  let factorial = 1;
  for (let k = 0; k <= n; k++) {
    if (k > 0) factorial *= k;
    b += ((-1) ** k / factorial) * (n - k) ** k * Math.exp((n - k) * load) * load ** k;
  }
  return 1 - b / (1 + load * b);
}

/** Mean of min(N, most) for N Poisson. */
export function poissonUpTo(mean: number, most: number): number {
  let probability = Math.exp(-mean);
  let sum = 0;
  let below = 0;
  for (let n = 0; n < most; n++) {
    sum += n * probability;
    below += probability;
    probability *= mean / (n + 1);
  }
  return sum + most * (1 - below);
}

/** M/M/1 whose customers leave unless they begin within `patience` (Barrer 1957): the share that leaves. */
export function impatient(rate: number, mean: number, patience: number): number {
  const load = rate * mean;
  const decay = Math.exp((-(1 - load) * patience) / mean);
  return ((1 - load) * load * decay) / (1 - load * load * decay);
}

/**
 * Mean wait in M/M(1,b)/1, whose server takes all that wait, up to b, as one piece of work (Neuts 1967; Medhi,
 * "Recent developments in bulk queueing models", 1984): with n waiting while it works with probability A·rⁿ.
 */
export function bulkServiceWait(rate: number, mean: number, most: number): number {
  const mu = 1 / mean;
  let low = 0;
  let high = 1 - 1e-12;
  // λ (1 − r) = μ r (1 − r^b), of which 1 is no solution that counts.
  for (let i = 0; i < 200; i++) {
    const r = (low + high) / 2;
    if (rate * (1 - r) > mu * r * (1 - r ** most)) low = r;
    else high = r;
  }
  const r = (low + high) / 2;
  const a = 1 / (mu / rate + 1 / (1 - r));
  return (a * r) / (1 - r) ** 2 / rate;
}

/**
 * Mean sojourn where each of two exponential servers with mean 1 has a queue of its own and who comes joins the shorter
 * one (any, when they are alike), at a load of `rho` each: the balance equations of (shorter, difference), relaxed until
 * nothing changes, on queues of up to sixty. Haight (1958) set them up; Kingman (1961) solved them.
 */
export function shortestOfTwo(rho: number): number {
  const most = 60;
  const lambda = 2 * rho;
  // By the shorter queue m and by how much the other is longer, d.
  const p = Array.from({ length: most }, (_, m) => Array.from({ length: most }, (_, d) => rho ** (2 * m + d)));
  const at = (m: number, d: number): number => p[m]?.[d] ?? 0;
  for (let round = 0; round < 3000; round++) {
    for (let m = 0; m < most; m++)
      for (let d = 0; d < most; d++) {
        const out = lambda + (m > 0 ? 1 : 0) + (m + d > 0 ? 1 : 0);
        // Someone joined the shorter, the longer one was served, or the shorter.
        let into = m > 0 ? lambda * at(m - 1, d + 1) : 0;
        into += at(m, d + 1);
        if (d > 1) into += at(m + 1, d - 1);
        // Of two that were alike, either.
        if (d === 1) into += lambda * at(m, 0) + 2 * at(m + 1, 0);
        p[m]![d] = into / out;
      }
    const sum = p.flat().reduce((all, x) => all + x, 0);
    for (const row of p) for (let d = 0; d < most; d++) row[d] = row[d]! / sum;
  }
  const inside = p.reduce((all, row, m) => all + row.reduce((one, x, d) => one + x * (2 * m + d), 0), 0);
  return inside / lambda;
}
