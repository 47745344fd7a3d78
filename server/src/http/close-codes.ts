import type { WebSocket } from "ws";
import { toArchitechError } from "./errors.js";

/**
 * How WebSockets end with their server. 1012, "service restart", not 1001: the lab's client opens a kernel's channels
 * again at once after it, and never after 1000 or 1001.
 */
export const goingAway = { code: 1012, reason: "the server is closing: connect again" } as const;

/** Closes a WebSocket because of what it sent: 1007 with `code: message`, as long as a close frame holds. */
export function closeWithError(socket: WebSocket, thrown: unknown): void {
  const { code, message } = toArchitechError(thrown);
  socket.close(code === "internal" ? 1011 : 1007, clip(`${code}: ${message}`, 123));
}

/** A close frame takes 123 bytes of reason. */
function clip(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  // A character cut in two decodes as U+FFFD, which is dropped.
  return buffer
    .subarray(0, bytes)
    .toString()
    .replace(/\uFFFD+$/, "");
}
