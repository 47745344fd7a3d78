import { deserialize, serialize } from "node:v8";

/** A value as bytes with their length before them; typed arrays stay binary. */
export function packet(value: unknown): Buffer {
  const body = serialize(value);
  const bytes = Buffer.allocUnsafe(4 + body.length);
  bytes.writeUInt32LE(body.length, 0);
  body.copy(bytes, 4);
  return bytes;
}

/** Puts the chunks of a pipe together again: calls `take` with each value that `packet` wrote, in order. */
export function packetReader<T>(take: (value: T) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      let bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held);
      while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE(0)) {
        const end = 4 + bytes.readUInt32LE(0);
        take(deserialize(bytes.subarray(4, end)) as T);
        bytes = bytes.subarray(end);
      }
      chunks = bytes.length > 0 ? [bytes] : [];
      held = bytes.length;
      wanted = held >= 4 ? 4 + bytes.readUInt32LE(0) : 4;
    }
  };
}

/** File descriptors between the kernel and the process in which cells run. */
export const pipes = { reports: 3, commands: 4, interrupts: 5 } as const;
