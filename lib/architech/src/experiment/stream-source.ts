import type { ArchitechError, Progress, RunRequest, RunState } from "@architech/protocol";
import type { ChangeDocument } from "../model/change-document.js";
import type { ModelDocument } from "../model/document.js";
import type { TaskResult } from "../simulation/task.js";
import type { LogRow, RowPlace, TableShape } from "./stream-tables.js";

/** A request to simulate a model. */
export type SimulationRequest = RunRequest<ModelDocument, ChangeDocument>;

/** A state in which a run stays. */
export type FinalState = Extract<RunState, "done" | "cancelled" | "failed">;

/** A run's stream, wherever the run is: what charts read. */
export interface StreamSource {
  /** Identifier of the run. */
  readonly run: string;
  /** Present when the run is on a server. */
  readonly server?: { readonly url: string; readonly token?: string };
  /** Frames with their headers from an offset (default 0), live until the run is over; earlier schemas come first. Never fails because the run failed. */
  frames(offset?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Resolves when the run is over, whichever way. */
  readonly done: Promise<FinalState>;
}

/** How a run ended. */
export interface RunEnd {
  readonly state: FinalState;
  readonly error?: ArchitechError;
}

/** What a run's summary and log say, without a stream. */
export interface Answer {
  readonly shape: TableShape;
  /** In the order of the stream. */
  readonly rows: readonly (RowPlace & { readonly result: TaskResult })[];
  readonly log: readonly LogRow[];
}

/** A run that was started. */
export interface StartedRun {
  readonly source: StreamSource;
  /** How it ended; never rejects. */
  readonly ended: Promise<RunEnd>;
  /** What must be known of where and how it was simulated, one sentence each. */
  readonly notes?: readonly string[];
  /** Its answer, where it needs no stream; undefined where its stream has to be read. */
  answer?(): Promise<Answer | undefined>;
  cancel(): void;
  /** Calls the listener with each report until the run ends; returns what stops that. */
  onProgress(listener: (progress: Progress) => void): () => void;
}

/** Where runs are simulated: in this process, on a server. */
export interface Runs {
  /** `workers`: threads to work with, where that is for this process to say. */
  start(request: SimulationRequest, options?: { readonly workers?: number }): StartedRun;
}

let provider: (() => Runs) | undefined;

/** Says where `run`, `sweep` and `compare` simulate from now on. Asked once for each run. */
export function provideRuns(provide: () => Runs): void {
  provider = provide;
}

/** Where runs are simulated now. */
export function currentRuns(): Runs {
  if (provider === undefined) throw new Error("nothing here can simulate: provideRuns() was not called");
  return provider();
}
