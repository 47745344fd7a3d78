import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The four JSON parts of a Jupyter message and its binary buffers, none of them parsed. */
export interface Parts {
  readonly header: Buffer;
  readonly parent: Buffer;
  readonly metadata: Buffer;
  readonly content: Buffer;
  readonly buffers: readonly Buffer[];
}

/** Bytes of a message. */
export function sizeOf({ header, parent, metadata, content, buffers }: Parts): number {
  const json = header.length + parent.length + metadata.length + content.length;
  return buffers.reduce((sum, buffer) => sum + buffer.length, json);
}

/**
 * The same message in memory of its own. What ZeroMQ hands over shares the 8 KiB that it was received in with other
 * messages, and keeps all of them as long as it is kept.
 */
export function withoutOthers(parts: Parts): Parts {
  let copy = alone.get(parts);
  if (copy === undefined) alone.set(parts, (copy = copied(parts)));
  return copy;
}

const alone = new WeakMap<Parts, Parts>();

function copied(parts: Parts): Parts {
  const memory = Buffer.allocUnsafeSlow(sizeOf(parts));
  let end = 0;
  const copy = (part: Buffer): Buffer => {
    const start = end;
    end += part.copy(memory, start);
    return memory.subarray(start, end);
  };
  return {
    header: copy(parts.header),
    parent: copy(parts.parent),
    metadata: copy(parts.metadata),
    content: copy(parts.content),
    buffers: parts.buffers.map(copy),
  };
}

/** The header of a Jupyter message. */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

const delimiter = Buffer.from("<IDS|MSG>");

/** Signs Jupyter messages for ZeroMQ and checks what arrives, with the HMAC-SHA256 key of one connection file. */
export class Signer {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** The ZeroMQ parts of a message, signed. */
  pack({ header, parent, metadata, content, buffers }: Parts): Buffer[] {
    const signature = this.#sign(header, parent, metadata, content);
    return [delimiter, Buffer.from(signature.toString("hex")), header, parent, metadata, content, ...buffers];
  }

  /** The message in these ZeroMQ parts, or undefined when it is malformed or not signed by this key. */
  unpack(frames: readonly Buffer[]): Parts | undefined {
    const start = frames.findIndex((frame) => frame.equals(delimiter));
    if (start < 0) return undefined;
    const [signature, header, parent, metadata, content, ...buffers] = frames.slice(start + 1);
    if (!signature || !header || !parent || !metadata || !content) return undefined;
    const expected = this.#sign(header, parent, metadata, content);
    const given = Buffer.from(signature.toString("latin1"), "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return { header, parent, metadata, content, buffers };
  }

  #sign(...parts: Buffer[]): Buffer {
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  }
}

/** A message of the server's own, to a kernel or in a kernel's place. */
export function compose(type: string, content: unknown, session: string, parent: unknown = {}): Parts {
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "architech",
    date: new Date().toISOString(),
    version: "5.4",
  };
  return {
    header: Buffer.from(JSON.stringify(header)),
    parent: Buffer.from(JSON.stringify(parent)),
    metadata: Buffer.from("{}"),
    content: Buffer.from(JSON.stringify(content)),
    buffers: [],
  };
}

/** The header of a message, or undefined where it is not JSON with a type. */
export function headerOf(part: Buffer): Header | undefined {
  try {
    const header = JSON.parse(part.toString()) as Header;
    return typeof header?.msg_type === "string" ? header : undefined;
  } catch {
    return undefined;
  }
}
