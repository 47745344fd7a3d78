/** What a machine shows of itself, and what can be done to it between events; one machine, or several as one. */
export interface MachineState {
  /** `meterStride` sums for each meter. */
  readonly meters: Float64Array;
  /** Integrals: value + count × now, the count being what waits or is busy. */
  readonly gauges: Float64Array;
  /** What each gauge counts right now. */
  readonly gaugeCounts: Int32Array;
  /** For each depth: frames that wait, and the most there were since it was last reset. */
  readonly depths: Int32Array;
  readonly counters: Float64Array;
  /** `stationStride` ints for each station. */
  readonly stations: Int32Array;
  /** `besideStride` ints for each station, where something scales. */
  readonly beside: Int32Array;
  /** Counts of the current interval by page; latency of meter m is histogram 2m, wait is 2m + 1. */
  readonly pageCounts: Int32Array;
  /** Page number by histogram and place, or -1. */
  readonly pageTable: Int32Array;
  /** For each page: histogram, place, epoch of its last count, next touched page of the histogram. */
  readonly pageInfo: Int32Array;
  /** The first page of each histogram that was touched in this interval, or -1. */
  readonly touched: Int32Array;
  /** Why it stopped for good. */
  readonly halted: "inside" | "idle" | "host" | undefined;
  /** Simulated time reached, in the unit of the program. */
  readonly now: number;
  /** Events taken from the calendar, and messages that a worker took at once. */
  readonly events: number;
  /** Timeouts that fired. */
  readonly timeouts: number;
  /** Pages of histograms. */
  readonly pages: number;
  /** Begins a new interval of the histograms. */
  nextEpoch(): void;
  /**
   * Runs until the next event lies after `limit` (and returns true) or `budget` events have been taken. Where it is
   * cut changes nothing of what is computed.
   */
  run(limit: number, budget: number): boolean;
  /** Lets all of it come as far as any of it has, where that can be, and returns how far that is. */
  settle(): number;
  /** The next draw of a sampling site. */
  sample(site: number): number;
  /** At `time`, up to which all has happened, another of `replicaState` stands in a place of a scaled node. */
  setReplica(node: number, place: number, state: number, time: number): void;
  /** From `time` on, up to which all has happened, every replica of a scaled node has so many threads and cores. */
  resize(node: number, threads: number, cores: number, time: number): void;
}
