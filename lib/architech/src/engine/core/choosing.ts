import * as at from "./addresses.js";
import { float, ints, whole } from "./platform.js";
import { sample } from "./sampling.js";

/**
 * Power of d choices: the least busy of d replicas drawn without replacement; the first drawn wins ties. `first` is the
 * first of their stations or, where they are listed, the first place of the list. Views may be stale then.
 */
export function choose(first: i32, count: i32, choices: i32, site: i32, listed: boolean): i32 {
  const taken = ints()[at.drawn];
  let best = -1;
  let least = 0x7fffffff;
  for (let k = 0; k < choices && k < count; k++) {
    // The r-th of those not yet drawn, by stepping over the drawn ones in ascending order.
    const u = sample(site);
    const I = ints();
    let r = whole(u * float(count - k));
    let position = 0;
    while (position < k && r >= I[taken + position]) {
      r++;
      position++;
    }
    for (let i = k; i > position; i--) I[taken + i] = I[taken + i - 1];
    I[taken + position] = r;
    const s = listed ? I[first + r] : first + r * 16;
    const inside = I[s + 7] - I[s] + I[s + 3];
    if (inside < least) {
      least = inside;
      best = s;
    }
  }
  return best;
}
