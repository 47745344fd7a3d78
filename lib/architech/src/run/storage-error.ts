import { ArchitechError } from "@architech/protocol";

/** Codes of the operating system for a full disk: no space, a quota, a limit on the size of one file. */
const full: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/** What a file that could not be read or written comes to: `storage-full` or `storage-failed`. */
export function storageError(what: string, cause: Error): ArchitechError {
  const isFull = full.includes((cause as NodeJS.ErrnoException).code);
  return isFull
    ? new ArchitechError("storage-full", `${what}: the disk is full`, { cause })
    : new ArchitechError("storage-failed", `${what}: ${cause.message}`, { cause });
}
