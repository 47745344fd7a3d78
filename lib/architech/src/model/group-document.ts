/** Nodes that belong together. A diagram puts a frame around them; the simulation does not look at it. */
export interface GroupDocument {
  /** Names of nodes, each of which stands in one group at most. */
  readonly nodes?: readonly string[];
  readonly groups?: Readonly<Record<string, GroupDocument>>;
}
