import { ArchitechError } from "./errors.js";
import { packMessage, unpackMessage } from "./message-pack.js";
import { requestLimits } from "./message-pack-check.js";

/** Bytes before each part: its length, u32 little-endian. */
const lengthBytes = 4;

/** Byte strings one behind the other, each after its length. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + lengthBytes + part.byteLength, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.byteLength, true);
    bytes.set(part, at + lengthBytes);
    at += lengthBytes + part.byteLength;
  }
  return bytes;
}

/** The byte strings that `joinParts` joined, as views. Throws `bad-message` for anything else. */
export function splitParts(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const begin = at + lengthBytes;
    const end = begin <= bytes.byteLength ? begin + view.getUint32(at, true) : Infinity;
    if (end > bytes.byteLength) throw new ArchitechError("bad-message", "a message of several parts is cut off");
    parts.push(bytes.subarray(begin, end));
    at = end;
  }
  return parts;
}

/** Plain data and byte strings that it tells of. */
export function joinWithHead(head: unknown, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joinParts([packMessage(head), ...parts]);
}

/** What `joinWithHead` joined. Throws `bad-message`, and `message-too-large` for a head beyond all limits. */
export function splitWithHead(bytes: Uint8Array): { head: unknown; parts: Uint8Array[] } {
  const [head, ...parts] = splitParts(bytes);
  if (head === undefined) throw new ArchitechError("bad-message", "a message is empty");
  return { head: unpackMessage(head, requestLimits), parts };
}
