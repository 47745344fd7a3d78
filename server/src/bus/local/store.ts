import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { ClassicLevel } from "classic-level";

/** Keys in the order of their bytes, values as bytes; on the disk once a write resolves, whatever becomes of the process. */
export type Store = ClassicLevel<string, Uint8Array>;

// A second opening in one process would drop the first one's lock on the file: the system keeps such locks by process.
const openHere = new Set<string>();

/** Opens the store of a folder, for this process alone. Throws `bus-in-use` and `storage-failed`. */
export async function openStore(folder: string): Promise<{ store: Store; close(): Promise<void> }> {
  await mkdir(folder, { recursive: true }).catch(storageFailed(`cannot make the folder ${folder}`));
  const real = await realpath(folder);
  if (openHere.has(real)) throw inUse(folder, "this process");
  openHere.add(real);
  try {
    const store: Store = new ClassicLevel(join(real, "store"), { keyEncoding: "utf8", valueEncoding: "view" });
    await store.open().catch((error: Error & { cause?: { code?: string } }) => {
      if (error.cause?.code === "LEVEL_LOCKED") throw inUse(folder, "another process");
      throw storageError(`cannot open the store in ${folder}`, error);
    });
    return {
      store,
      async close() {
        await store.close();
        openHere.delete(real);
      },
    };
  } catch (error) {
    openHere.delete(real);
    throw error;
  }
}

function inUse(folder: string, by: string): ArchitechError {
  return new ArchitechError("bus-in-use", `${folder} is open in ${by}: one process at a time, or NATS for several`);
}

/** Full-disk codes of the operating system: no space, a quota, a limit on the size of one file. */
const fullDisk = /ENOSPC|EDQUOT|EFBIG|no space left|quota exceeded|file too large/i;

/** What a write or a read that failed is: `storage-full` or `storage-failed`. */
function storageError(what: string, cause: unknown): ArchitechError {
  if (cause instanceof ArchitechError) return cause;
  const { code, message, cause: inner } = cause as Error & { code?: string };
  const words = [code, message, inner instanceof Error ? inner.message : ""].filter(Boolean).join(" ");
  if (fullDisk.test(words)) return new ArchitechError("storage-full", `${what}: the disk is full`, { cause });
  return new ArchitechError("storage-failed", `${what}: ${words}`, { cause });
}

/** For a promise's `catch`. */
export function storageFailed(what: string): (cause: unknown) => never {
  return (cause) => {
    throw storageError(what, cause);
  };
}

/** A number as text that sorts as the number does. */
export function sortable(value: number): string {
  return String(value).padStart(16, "0");
}

/** Every key that begins so: "!" is below and "~" above whatever names are made of. */
export function below(prefix: string): { gt: string; lt: string } {
  return { gt: prefix, lt: `${prefix}~` };
}
