import type { BigIntStats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ArchitechError } from "@architech/protocol";
import type { Content, Entry } from "../documents.js";

/** Files up to this many bytes are read at once, so that what is read is of one version whatever is written meanwhile. */
const atOnce = 8n * 1024n * 1024n;

/** Reads a file: a small one at once, a large one as it is asked for, with `document-changed` when it is replaced by then. */
export async function readFileAt(path: string, place: string): Promise<Content> {
  const file = await open(place, "r");
  try {
    const stats = await statsOf(file, path);
    const entry = entryOf(path, stats, true);
    if (stats.size > atOnce) return { entry, bytes: later(entry, place) };
    const bytes = await file.readFile();
    return { entry: { ...entry, size: bytes.length }, bytes: only(bytes) };
  } finally {
    await file.close();
  }
}

/** A file's entry as the disk tells it. */
export function entryOf(path: string, stats: BigIntStats, writable: boolean): Entry {
  const folder = stats.isDirectory();
  return {
    path,
    kind: folder ? "folder" : "file",
    size: folder ? 0 : Number(stats.size),
    // Not every file system knows when a file was born.
    created: stats.birthtimeMs > 0n ? stats.birthtime : stats.ctime,
    modified: stats.mtime,
    writable,
    version: `${stats.mtimeNs}-${stats.ino}-${stats.size}`,
  };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Opens the file only when it is read, so that nothing stays open where nobody reads. */
async function* later(entry: Entry, place: string): AsyncGenerator<Uint8Array> {
  const file = await open(place, "r");
  const stats = await statsOf(file, entry.path).catch(async (error) => {
    await file.close();
    throw error;
  });
  if (entryOf(entry.path, stats, true).version !== entry.version) {
    await file.close();
    throw new ArchitechError("document-changed", `"${entry.path}" has been changed while it was to be read`);
  }
  // What grows is cut at the size that was told.
  yield* file.createReadStream({ end: entry.size - 1 });
}

async function statsOf(file: FileHandle, path: string): Promise<BigIntStats> {
  const stats = await file.stat({ bigint: true });
  if (!stats.isFile()) throw new ArchitechError("document-invalid", `"${path}" is not a file`);
  return stats;
}
