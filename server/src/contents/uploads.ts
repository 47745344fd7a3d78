import { ArchitechError } from "@architech/protocol";

/** Large files come in chunks, numbered from 1, the last one -1; they are put together here before they are saved whole. */
export interface Uploads {
  /** Keeps a chunk; the last one returns the file, which `discard` then removes. */
  add(path: string, chunk: number, bytes: Buffer): Promise<AsyncIterable<Uint8Array> | undefined>;
  discard(path: string): Promise<void>;
}

/** What is wrong with a chunk whose first one never came. */
export function chunkOneMissing(path: string, chunk: number): ArchitechError {
  return new ArchitechError("document-invalid", `chunk ${chunk} of "${path}" came without chunk 1`);
}
