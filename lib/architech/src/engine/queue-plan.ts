/** Messages in the order of their arrival, and the workers that take them. */
export interface QueuePlan {
  readonly capacity: number;
  readonly meter: number;
  readonly depth: number;
  /** Indices of `workers`. */
  readonly takers: readonly number[];
}

export interface WorkerPlan {
  readonly queue: number;
  readonly station: number;
  readonly meter: number;
  /** Place in the code where work on a message starts. */
  readonly entry: number;
}
