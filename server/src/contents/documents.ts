/** A file or folder of a store. */
export interface Entry {
  /** From the root, names joined by "/", neither first nor last; the root is "". */
  readonly path: string;
  readonly kind: "folder" | "file";
  /** In bytes; 0 for a folder. */
  readonly size: number;
  readonly created: Date;
  readonly modified: Date;
  readonly writable: boolean;
  /** Changes whenever the bytes do. */
  readonly version: string;
}

/** The bytes of a file and what they belong to, of one and the same version. */
export interface Content {
  readonly entry: Entry;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A kept state of a file that it can go back to. */
export interface Checkpoint {
  readonly id: string;
  readonly modified: Date;
}

/** What a write insists on. */
export interface WriteOptions {
  /** The version that is to be replaced; when it is another by now, `document-changed` is thrown and nothing written. */
  readonly version?: string;
  /** Insists on a new file; throws `document-exists` otherwise. */
  readonly fresh?: boolean;
}

/**
 * Where documents are kept: folders and files of bytes. Paths are normal (see path.ts). A write is whole or not at all;
 * what does not exist is `document-not-found`, what is in the way `document-exists`, a full disk `storage-full`.
 */
export interface Documents {
  /** Which store this is, for a log. */
  readonly name: string;
  stat(path: string): Promise<Entry>;
  /** The entries of a folder, by name. */
  list(folder: string): Promise<Entry[]>;
  read(path: string): Promise<Content>;
  /** Writes a whole file, new or replaced, into a folder that exists. */
  write(path: string, bytes: AsyncIterable<Uint8Array> | Uint8Array, options?: WriteOptions): Promise<Entry>;
  makeFolder(path: string): Promise<Entry>;
  /** Renames or moves a file (with its checkpoints) or a folder; never onto something else. */
  move(from: string, to: string): Promise<Entry>;
  /** Removes a file with its checkpoints, or a folder with all that is in it. */
  remove(path: string): Promise<void>;
  readonly checkpoints: Checkpoints;
  /** The folder of this machine that a kernel started beside `path` works in, where there is one. */
  workingFolder(path: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Kept states of files. */
export interface Checkpoints {
  list(path: string): Promise<Checkpoint[]>;
  create(path: string): Promise<Checkpoint>;
  restore(path: string, id: string): Promise<void>;
  remove(path: string, id: string): Promise<void>;
}
