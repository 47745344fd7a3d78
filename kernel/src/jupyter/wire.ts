import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header, Message } from "./message.js";

const delimiter = Buffer.from("<IDS|MSG>");

/** Writes and reads messages as frames, signed with the connection's key. */
export class Wire {
  readonly #key: string;
  readonly #algorithm: string;

  constructor(key: string, scheme: string) {
    this.#key = key;
    this.#algorithm = scheme.replace(/^hmac-/, "");
  }

  encode(message: Message): Buffer[] {
    const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
      Buffer.from(JSON.stringify(part)),
    );
    const buffers = message.buffers.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength));
    return [...message.identities, delimiter, Buffer.from(this.#sign(parts)), ...parts, ...buffers];
  }

  /** The message in these frames; throws one line when they are not one, or are signed with another key. */
  decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0) throw new Error("a message has no delimiter");
    const [signature, ...rest] = frames.slice(at + 1);
    const parts = rest.slice(0, 4);
    if (signature === undefined || parts.length < 4) throw new Error("a message has too few frames");
    if (!this.#isSigned(parts, signature)) throw new Error("a message has a wrong signature");
    const [header, parent, metadata, content] = parts.map((part) => record(part));
    if (typeof header?.["msg_type"] !== "string" || typeof header["msg_id"] !== "string")
      throw new Error("a message has no msg_type or msg_id");
    return {
      identities: frames.slice(0, at),
      header: header as unknown as Header,
      parent: parent as unknown as Header,
      metadata: metadata!,
      content: content!,
      buffers: rest.slice(4),
    };
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  #isSigned(parts: readonly Buffer[], signature: Buffer): boolean {
    const expected = Buffer.from(this.#sign(parts));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
}

function record(part: Buffer): Record<string, unknown> {
  const value: unknown = JSON.parse(part.toString());
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("a part of a message is not an object");
  return value as Record<string, unknown>;
}
