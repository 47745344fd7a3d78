// Open arrivals: acts begin when they are due, whether or not earlier ones are over. Whoever asks only after an answer
// asks less the slower the answers are, and never sees where a system breaks (coordinated omission).

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Lets acts arrive for some seconds as a Poisson process of a rate a second, and waits until all of them are over.
 * `act()` does one and resolves to what it was; each is told with the ms from when it was due to its end. With `most`
 * open, a further one is not begun and counts as `turned-away`: the load has an end.
 */
export async function arrivals({ rate, seconds, most, random, act, signal }) {
  const done = [];
  const open = new Set();
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  let due = begun;
  for (;;) {
    due += (-Math.log(1 - random()) * 1_000) / rate;
    if (due > end || signal?.aborted) break;
    // Timers have a grain of a millisecond: what is due in it comes at its end.
    const tick = Math.ceil(due);
    while (performance.now() < tick) await new Promise((resolve) => setTimeout(resolve, tick - performance.now()));
    if (open.size >= most) {
      done.push({ kind: "any", outcome: "turned-away", ms: Number.NaN });
      continue;
    }
    const one = act().then((what) => {
      done.push({ ...what, ms: performance.now() - tick });
      open.delete(one);
    });
    open.add(one);
  }
  await Promise.all(open);
  return { done, seconds, drainMs: performance.now() - end };
}
