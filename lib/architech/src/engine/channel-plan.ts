/** A queue whose messages outlive their delivery, or a log: see `core/channel-places.ts`. Places are places in the code. */
export interface ChannelPlan {
  /** Whether each line has one delivery under way at a time. */
  readonly ordered: boolean;
  readonly partitions: number;
  /** Messages that wait at most. */
  readonly capacity: number;
  /** Meter of its messages from their put to their end. */
  readonly meter: number;
  /** Counters; -1 where that never happens. */
  readonly redelivered: number;
  readonly dead: number;
  readonly duplicates: number;
  /** Deliveries of a message at most, or 0, and the channel where it goes then, or -1. */
  readonly maxReceives: number;
  readonly deadLetter: number;
  readonly enter: number;
  readonly deliver: number;
  readonly expire: number;
  readonly bury: number;
  readonly groups: readonly GroupPlan[];
}

/** Those who share the messages of a channel. */
export interface GroupPlan {
  readonly meter: number;
  readonly depth: number;
  readonly rebalance: number;
  readonly ripe: number;
  readonly sweep: number;
  readonly members: readonly MemberPlan[];
}

export interface MemberPlan {
  /** Index of `workers`. */
  readonly worker: number;
  readonly station: number;
  /** Whether it is one that has yet to come. */
  readonly absent: boolean;
  /** Messages that it takes at once. */
  readonly most: number;
  /** How long it waits for so many. */
  readonly wait: number;
}
