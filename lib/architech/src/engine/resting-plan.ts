/** A node whose threads start cold: see `core/resting.ts`. */
export interface RestingPlan {
  readonly firstStation: number;
  readonly stations: number;
  /** Of each station. */
  readonly threads: number;
  /** For how long one may rest, in milliseconds. */
  readonly idle: number;
}

/** Ints of such a node's record. */
export const restingStride = 8;
