import { ArchitechError, joinParts, splitParts } from "@architech/protocol";
import type { MessageFormat } from "../bus/message-format.js";

/** A message of some format, and bytes behind it. */
export function packWithBytes<T extends { readonly bytes: Uint8Array }>(
  format: MessageFormat<Omit<T, "bytes">>,
  { bytes, ...body }: T,
): Uint8Array<ArrayBuffer> {
  return joinParts([format.pack(body), bytes]);
}

/** What `packWithBytes` packed. Throws what `format` does, and `bad-message` where the bytes are missing. */
export function unpackWithBytes<T>(format: MessageFormat<T>, joined: Uint8Array): T & { readonly bytes: Uint8Array } {
  const [head, bytes, ...more] = splitParts(joined);
  if (head === undefined || bytes === undefined || more.length > 0)
    throw new ArchitechError("bad-message", `a ${format.kind} is a message and bytes behind it`);
  return { ...format.unpack(head), bytes };
}
