import type { RunInfo } from "@architech/protocol";

/** A process that listens. */
export interface ServiceState {
  readonly id: string;
  readonly roles: readonly string[];
  readonly url: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly ready: boolean;
  readonly load: { readonly kernels: number; readonly streams: number };
}

/** A process that simulates. */
export interface WorkerState {
  readonly id: string;
  readonly threads: number;
  readonly busy: number;
  /** Tasks that have ended, and events that were simulated for them. */
  readonly tasks: number;
  readonly events: number;
  readonly since: number;
}

/** Who works together at a moment, and what there is to do. */
export interface ClusterState {
  readonly cluster: boolean;
  readonly at: number;
  readonly connected: boolean;
  readonly services: readonly ServiceState[];
  readonly workers: readonly WorkerState[];
  readonly lanes: readonly { readonly name: string; readonly waiting: number; readonly taken: number }[];
  /** The newest first; undefined while no service of runs answers. */
  readonly runs: readonly RunInfo[] | undefined;
}
