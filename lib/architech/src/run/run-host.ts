import { ArchitechError, type Progress, type RunInfo } from "@architech/protocol";
import type { RunEnd } from "../experiment/stream-source.js";
import type { Plan } from "./plan.js";

/** Where runs are worked on and kept: one process, or the services of a cluster. Every method throws `run-not-found` for a run that is not there. */
export interface RunHost {
  /**
   * Starts a run after a request that anyone may have sent, or finds it: the same request with the same id is the same
   * run, to the same user. Throws what is wrong with the request, `run-exists`, `too-many-runs`. `user`: whose it is; what there is to
   * work with is shared evenly between users, and what one has between that user's runs. `traceparent`: the trace that
   * it is a part of, for a host that follows runs.
   */
  start(
    request: unknown,
    options?: { readonly user?: string | undefined; readonly traceparent?: string | undefined },
  ): Promise<RunInfo>;
  /** What is known of a run now; where a user is named, of none but that user's. */
  info(id: string, user?: string): Promise<RunInfo>;
  /** Every run, or every one of a user, the newest first. */
  list(user?: string): Promise<RunInfo[]>;
  /** Stops a run; one that is over stays as it is. */
  cancel(id: string): Promise<RunInfo>;
  /** Deletes a run, after stopping it. */
  delete(id: string): Promise<void>;
  /** Tables that have begun in a run's stream. */
  tables(id: string): Promise<readonly number[]>;
  /** Frames of a run from an offset, live until it is over; the schemas of tables that began before come first. */
  frames(id: string, offset?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** The same, some frames at a time: as many as were read at once. */
  pieces(id: string, offset?: number, signal?: AbortSignal): AsyncIterable<readonly Uint8Array[]>;
  /** How a run ended, once it has. */
  ended(id: string): Promise<RunEnd>;
  /** Reports progress now and about ten times a second until the run is over. Returns what stops the reports. */
  onProgress(id: string, listener: (progress: Progress) => void): () => void;
  /** Stops everything here. */
  close(): Promise<void>;
}

/** What is said of a run that is not there, or is another user's. */
export function runNotFound(id: string): ArchitechError {
  return new ArchitechError("run-not-found", `there is no run "${id.slice(0, 64)}"`, { path: [id] });
}

/** What is said of an id that is taken: the same of one's own run and of another user's. */
export function runExists(id: string): ArchitechError {
  return new ArchitechError("run-exists", `there is a run "${id}" already, of another request or another user`, {
    path: ["id"],
  });
}

/** What is known of a run that waits for its turn. */
export function queuedRun(id: string, { request, runs, points }: Plan): RunInfo {
  const total = runs * points;
  const created = Date.now();
  return { id, kind: request.kind, state: "queued", cached: false, created, frames: 0, bytes: 0, done: 0, total };
}

/** What is known of a run that has the rows of another. */
export function sharedRun(id: string, of: RunInfo): RunInfo {
  const created = Date.now();
  return { ...of, id, cached: true, created, ended: created };
}

/** Throws `too-many-runs` where a user has as many that wait as may. */
export function checkQueued(queued: number, most = 100): void {
  if (queued >= most) throw new ArchitechError("too-many-runs", `${most} runs are waiting already: try again later`);
}
