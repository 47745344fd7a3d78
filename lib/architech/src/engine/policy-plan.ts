/** What frames ask before they go on: see `core/policies.ts`. */
export interface PolicyPlan {
  /** The first is what it is: `policyKind`. */
  readonly ints: readonly number[];
  /** At most eight. */
  readonly doubles: readonly number[];
  /** The share of its room that each class of requests may use. Default: all of it. */
  readonly shares?: readonly number[];
  /** Room of its own, and the int that holds its place. */
  readonly room?: {
    readonly at: number;
    readonly ints?: number;
    /** The doubles begin at this value. */
    readonly doubles?: number;
    readonly fill?: number;
  };
}

/** Ints of a policy. */
export const policyStride = 32;

export const policyKind = {
  pace: 1,
  fixedWindow: 2,
  slidingLog: 3,
  slidingCounter: 4,
  breaker: 5,
  aimd: 6,
  vegas: 7,
  gradient: 8,
  retryBudget: 9,
} as const;
