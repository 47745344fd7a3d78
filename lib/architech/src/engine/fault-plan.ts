/** What goes down together. */
export interface FaultPlan {
  readonly firstStation: number;
  readonly stationCount: number;
  /** -1 where arrivals wait. */
  readonly gate: number;
  /** Queue whose messages nobody takes meanwhile, or -1. */
  readonly queue: number;
  /** Worker that takes nothing meanwhile, or -1. */
  readonly worker: number;
  /** Whether what is under way stands still too. */
  readonly freezes?: boolean;
  /** Channel whose messages nobody takes meanwhile; or of which those members take nothing who work at the stations. */
  readonly channel?: number;
  readonly members?: boolean;
}
