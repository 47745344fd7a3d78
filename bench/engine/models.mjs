// What every engine is measured on, and what is known beforehand: arrivals a second, and the mean sojourn in seconds
// where there is a closed form. After `warm` requests a process of ours has all that it makes for a model.
import { micro } from "./micro.mjs";
import { mm1, mm8 } from "./queues.mjs";

/** By Erlang's C: mean sojourn with `servers` servers, each of rate 1. */
function erlangC(servers, rate) {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= rate / k;
    sum += term;
  }
  const last = (term * rate) / servers / (1 - rate / servers);
  return 1 + last / (sum + last) / (servers - rate);
}

export const models = {
  mm1: { title: "M/M/1", model: mm1, rate: 0.8, warm: 4_000_000, mean: erlangC(1, 0.8) },
  mm8: { title: "M/M/8", model: mm8, rate: 6.4, warm: 4_000_000, mean: erlangC(8, 6.4) },
  micro: { title: "micro", model: micro, rate: 1100, warm: 1_000_000 },
};
