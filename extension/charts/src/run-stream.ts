import type { Progress, Thinned } from "@architech/protocol";
import type { ChartState } from "architech/core";

/** How a run ended. */
export type RunOutcome = {
  readonly state: Exclude<ChartState, "live">;
  readonly error?: { readonly code: string; readonly message: string };
};

/** What is said of a run while its frames come: how far it is, and that some of them come as one. */
export type RunNews = Progress | Thinned;

/** A run to read, wherever its frames come from. */
export interface RunStream {
  /** The frames from the first on, live. Returns when the run is over; throws when the stream is lost. */
  frames(signal: AbortSignal, onNews: (news: RunNews) => void): AsyncGenerator<Uint8Array, RunOutcome, undefined>;
  /** Stops the run; undefined where it cannot be stopped from here. */
  readonly cancel?: () => Promise<void>;
}
