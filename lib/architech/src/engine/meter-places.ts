/** Places of one meter in `Machine.meters`, eight to each. */
export const meterStride = 8;

/** Offsets of what a meter counts. `insideArea` + inside × now is the integral over time of what is inside. */
export const meterField = {
  arrivals: 0,
  done: 1,
  errors: 2,
  insideArea: 3,
  latencySum: 4,
  latencyMax: 5,
  waitSum: 6,
  waitMax: 7,
} as const;
