/** A node whose replicas come and go. */
export interface ScaledPlan {
  /** One for every place that a replica can have. */
  readonly firstStation: number;
  readonly places: number;
  /** Replicas that are ready at time zero: the first places. */
  readonly initial: number;
  /** Station where requests wait for a ready replica; -1 where messages are taken from a queue. */
  readonly lobby: number;
  readonly queue: number;
  /** Channel that its workers are members of, or -1. */
  readonly channel: number;
  /** Worker of the first place, the others follow; -1 where no messages are taken. */
  readonly worker: number;
  /** Threads and cores of one replica; 0 where there is no limit. */
  readonly threads: number;
  readonly cores: number;
  /** Ints from a thread station to its core station; 0 without core stations. */
  readonly coreOffset: number;
  /** Gauges of the replicas that there are, and of their cores. */
  readonly present: number;
  readonly presentCores: number;
  /** Gauges of the threads and cores of replicas that work: ready, or finishing what they hold. */
  readonly workingThreads: number;
  readonly workingCores: number;
  /** Counter of ended requests of the first place; the others follow. */
  readonly ended: number;
  /** Gauge of busy cores of the first place, the others follow; -1 where nobody asks. */
  readonly busy: number;
}

/** What stands in a place of a scaled node. */
export const replicaState = { absent: 0, starting: 1, ready: 2, draining: 3 } as const;

/** Ints that stand beside each station where something scales, and which of them says that: see `core/replicas.ts`. */
export const besideStride = 4;
export const stateField = 1;

/** Ints of a scaled node's record; `routeReady` names it by its offset. */
export const recordStride = 16;
