import type { ArchitechError, TableName } from "@architech/protocol";

/** Where a run's frames go, in order. */
export interface RunWriter {
  /** Bytes that wait to be written. */
  readonly queuedBytes: number;
  /** Why nothing more can be written. */
  readonly error: ArchitechError | undefined;
  /** Appends a frame. Readers see it once it is durable. */
  append(table: TableName, body: Uint8Array, schema?: boolean): void;
  /** Resolves when everything appended so far is durable, or cannot be. */
  flushed(): Promise<void>;
  /** Nothing more will be appended. */
  end(): Promise<void>;
}
