import { createHash } from "node:crypto";

/** The name of an object that was given none: the SHA-256 of its bytes in hex. */
export function contentName(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
