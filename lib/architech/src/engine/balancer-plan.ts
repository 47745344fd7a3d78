/** How one of several candidates is chosen: see `core/balancing.ts`. */
export interface BalancerPlan {
  /** 0 in turn, 1 random, 2 least, 3 idle, 4 ewma, 5 ring, 6 first. */
  readonly by: number;
  readonly candidates: readonly CandidatePlan[];
  /** Sampling site, or -1. */
  readonly site: number;
  /** So many drawn are compared, or 0 for all. */
  readonly choices: number;
  /** Hashes on the ring in ascending order, and whose they are. */
  readonly ring: readonly { readonly hash: number; readonly candidate: number }[];
  /** Places for keys that are kept, a power of two, or 0. */
  readonly keys: number;
  readonly nearest: boolean;
  /** Counter of ejections, or -1. */
  readonly ejections: number;
  /** Failures in a row that eject, or 0. */
  readonly failures: number;
  /** Looks in a row after which one counts as down, or as up again. */
  readonly down: number;
  readonly up: number;
  /** Milliseconds, but for the bound (times the average load) and the share that may be ejected. */
  readonly stale: number;
  readonly decay: number;
  readonly bound: number;
  readonly ejectedFor: number;
  readonly most: number;
  readonly slowStart: number;
  readonly sticky: number;
}

export interface CandidatePlan {
  readonly weight: number;
  /** Of a replica; -1 of what a gateway hands on to. */
  readonly station: number;
  readonly near: boolean;
  /** Whether it is there at first. */
  readonly there: boolean;
}
