/**
 * What a part says of itself at the end of a window, as doubles; when its messages arrive first in each part follows. For
 * `held` of them there was no room: they come with the next window.
 */
export const its = {
  next: 0,
  now: 1,
  events: 2,
  inside: 3,
  state: 4,
  moment: 5,
  limit: 6,
  held: 7,
  arrivals: 8,
} as const;

/** States of a part: it goes on, it has more inside than it may, its order is not known at `moment`, something is wrong. */
export const partState = { well: 0, full: 1, tied: 2, failed: 3 } as const;

/**
 * How the parts of a model tell each other, window by window, what they have sent and when they go on. What they say is
 * theirs (`PartRunner`); how it comes to the others is not: by memory that threads share, or by wire.
 */
export interface Exchange {
  /** Hands a part's report and its messages to all others: its window is over. */
  give(report: Float64Array, messages: Int32Array): void;
  /** The report of a part on the last window that is over everywhere. */
  report(part: number): Float64Array;
  /** The messages that it sent during that window. */
  messages(part: number): Int32Array;
}

/** One at whose windows a thread can wait. */
export interface WindowBarrier extends Exchange {
  /** Waits until the window is over everywhere, for so long at most; false when it is not, or never will be. */
  wait(ms: number): boolean;
  /** Whether the one who began it needs it no more. */
  readonly isClosed: boolean;
  /** Nobody shall wait any more. */
  close(): void;
}

/** Events of a part in a window, at most: so often it can be stopped. */
export const windowEvents = 16_384;
