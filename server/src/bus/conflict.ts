import { ArchitechError } from "@architech/protocol";

/** A write over a revision that is not the current one: `state-conflict`. */
export class RevisionConflict extends ArchitechError {
  /** The current revision of the key; 0 when it is not there. */
  readonly revision: number;

  constructor(key: string, expected: number, revision: number) {
    const found = revision === 0 ? "is not there" : `is at revision ${revision}`;
    const wanted = expected === 0 ? "should not be there yet" : `should be at revision ${expected}`;
    super("state-conflict", `"${key}" ${found} and ${wanted}: read it again`);
    this.revision = revision;
  }
}
