import * as at from "./addresses.js";
import * as its from "./balancer-places.js";
import { pick, wasKept } from "./balancing.js";
import { answered, checkHealth } from "./outcomes.js";
import { floats, ints } from "./platform.js";

/**
 * Does an instruction of a frame that has to do with a balancer. Returns the station that it waits at, or -1 when it goes
 * on. Views may be stale then.
 */
export function atBalancer(f: i32): i32 {
  let I = ints();
  const pc = I[f];
  const b = I[at.balancers] + I[pc + 1];
  switch (I[pc]) {
    case 74: {
      const c = pick(b, f);
      I = ints();
      // While no replica is ready it waits for one, and chooses then.
      if (c === 0) return I[at.stations] + I[pc + 2];
      I[f + 6] = I[c + its.candidateStation];
      I[f] = pc + 3;
      break;
    }
    case 75: {
      const c = pick(b, f);
      I = ints();
      I[f + 9] = c;
      I[f] = wasKept || I[pc + 2] === 0 ? pc + 3 : I[pc + 2];
      break;
    }
    case 76:
      I[f] = I[pc + 2 + (I[f + 9] - I[b + its.balancerFirst]) / its.candidateStride];
      break;
    case 77: {
      let c = I[f + 9];
      if (I[pc + 3] === 0) {
        const first = I[b + its.balancerFirst];
        c = first + ((I[f + 6] - I[first + its.candidateStation]) / 16) * its.candidateStride;
      }
      answered(b, c, I[pc + 2] === 2, floats()[at.now] - floats()[(f >> 1) + 8]);
      I[f] = pc + 4;
      break;
    }
    default:
      checkHealth(b, I[pc + 2], I[pc + 3] === 1, f);
      I[f] = pc + 4;
  }
  return -1;
}
