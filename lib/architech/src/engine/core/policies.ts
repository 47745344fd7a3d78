import { adaptEnter, adaptLeave } from "./adapting.js";
import { breakerEnter, breakerLeave } from "./breaking.js";
import { fixedWindow, pace, slidingCounter, slidingLog } from "./limiting.js";
import { floats, ints } from "./platform.js";

// A policy is 32 ints: what it is (0), then ints of its own, then from 16 on eight doubles of its own.

/**
 * Asks a policy whether a frame may go on (moment 0), or tells it that it has ended well (1) or failed (2). Returns
 * how long it must pause first, or -1 when it is refused.
 */
export function ask(p: i32, moment: i32, f: i32): f64 {
  switch (ints()[p]) {
    case 1:
      return pace(p, f);
    case 2:
      return fixedWindow(p, f);
    case 3:
      return slidingLog(p, f);
    case 4:
      return slidingCounter(p, f);
    case 5:
      if (moment === 0) return breakerEnter(p, f);
      breakerLeave(p, f, moment === 2);
      return 0;
    case 6:
    case 7:
    case 8:
      if (moment === 0) return adaptEnter(p, f);
      adaptLeave(p, f, moment === 2);
      return 0;
    case 9:
      return moment === 0 ? deposit(p) : withdraw(p);
    default:
      return 0;
  }
}

/** A first attempt pays its share into the budget of retries: doubles tokens, share, most tokens. */
function deposit(p: i32): f64 {
  const D = floats();
  const d = (p >> 1) + 8;
  const tokens = D[d] + D[d + 1];
  D[d] = tokens;
  if (tokens > D[d + 2]) D[d] = D[d + 2];
  return 0;
}

/** A further attempt takes a token, or is refused. A sum of shares may be short of a whole one by its rounding. */
function withdraw(p: i32): f64 {
  const D = floats();
  const d = (p >> 1) + 8;
  if (D[d] < 1 - 1e-9) return -1;
  D[d] = D[d] - 1;
  return 0;
}
