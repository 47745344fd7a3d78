import { floats, floor, infinity, root, whole } from "./platform.js";

/**
 * How long it takes from `now` until so many more arrivals are due: until the integral of a rate has grown by `due`. The
 * rate lies at a place: number of corners, time after which it begins anew or 0, then time and rate of each corner,
 * with straight lines between them; after the last it stays.
 */
export function timeUntilDue(place: i32, now: f64, due: f64): f64 {
  const D = floats();
  const count = whole(D[place]);
  const period = D[place + 1];
  const first = place + 2;
  let base: f64 = 0;
  if (period > 0) base = period * floor(now / period);
  let t = now - base;
  let left = due;
  // The last corner that is not later: a profile has few, or the search halves them.
  let low = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (D[first + 2 * middle] <= t) low = middle;
    else high = middle;
  }
  for (;;) {
    while (low + 1 < count) {
      const t0 = D[first + 2 * low];
      const r0 = D[first + 2 * low + 1];
      const t1 = D[first + 2 * low + 2];
      const r1 = D[first + 2 * low + 3];
      if (t1 > t) {
        const slope = (r1 - r0) / (t1 - t0);
        const rate = r0 + slope * (t - t0);
        const area = ((rate + r1) * (t1 - t)) / 2;
        if (left <= area) {
          // Rounding may take it below the square of the rate at the next corner, which may be 0.
          let square = rate * rate + 2 * slope * left;
          if (square < 0) square = 0;
          return base + t - now + (2 * left) / (rate + root(square));
        }
        left -= area;
        t = t1;
      }
      low++;
    }
    if (period <= 0) break;
    base += period;
    t = 0;
    low = 0;
  }
  const rate = D[first + 2 * count - 1];
  return rate > 0 ? base + t - now + left / rate : infinity;
}
