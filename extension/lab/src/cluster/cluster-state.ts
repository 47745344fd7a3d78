import type { ClusterView, RunInfo } from "@architech/protocol";

/** Who works together at a moment, and what there is to do. */
export interface ClusterState extends ClusterView {
  /** The newest first; undefined while no service of runs answers. */
  readonly runs: readonly RunInfo[] | undefined;
}
