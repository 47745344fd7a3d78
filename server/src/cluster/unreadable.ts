import { ArchitechError } from "@architech/protocol";

const codes: readonly string[] = ["bad-message", "bad-frame", "message-too-large", "message-newer", "storage-failed"];

/** Whether something on the bus is not what a service of this version writes there, or is gone: to read it again does not help. */
export function isUnreadable(error: unknown): error is ArchitechError {
  return error instanceof ArchitechError && codes.includes(error.code);
}
