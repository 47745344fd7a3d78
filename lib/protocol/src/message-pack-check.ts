import { ArchitechError } from "./errors.js";

/** How large a message may be. */
export interface MessagePackLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Values in the message, keys included. */
  readonly maxValues: number;
}

/** Limits of a control message. */
export const controlLimits: MessagePackLimits = { maxBytes: 1 << 20, maxDepth: 32, maxValues: 100_000 };

/** Limits of a run request, which carries a model. */
export const requestLimits: MessagePackLimits = { maxBytes: 8 << 20, maxDepth: 100, maxValues: 1_000_000 };

/**
 * Walks over MessagePack bytes without building anything. Accepts nil, booleans, numbers, text, arrays and maps with
 * text keys: what JSON can say. Refuses extension and binary types, the key `__proto__`, invalid UTF-8 lengths,
 * truncated bytes and bytes left over.
 */
export function checkMessagePack(bytes: Uint8Array, limits: Partial<MessagePackLimits> = {}): void {
  const { maxBytes, maxDepth, maxValues } = { ...controlLimits, ...limits };
  if (bytes.byteLength > maxBytes)
    throw new ArchitechError(
      "message-too-large",
      `a message has ${bytes.byteLength} bytes, at most ${maxBytes} are accepted`,
    );
  const end = new Walk(bytes, maxDepth, maxValues).value(0, 0);
  if (end !== bytes.byteLength) throw bad(`${bytes.byteLength - end} bytes are left over`);
}

function bad(why: string): ArchitechError {
  return new ArchitechError("bad-message", `a message is not acceptable MessagePack: ${why}`);
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #maxDepth: number;
  #valuesLeft: number;

  constructor(bytes: Uint8Array, maxDepth: number, maxValues: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#maxDepth = maxDepth;
    this.#valuesLeft = maxValues;
  }

  /** Position after the value that begins at `at`. */
  value(at: number, depth: number): number {
    if (depth > this.#maxDepth) throw bad(`it is nested deeper than ${this.#maxDepth}`);
    if (--this.#valuesLeft < 0) throw bad("it holds too many values");
    const token = this.#unsigned(at, 1);
    if (token <= 0x7f || token >= 0xe0) return at + 1;
    if (token <= 0x8f) return this.#map(at + 1, token & 15, depth);
    if (token <= 0x9f) return this.#array(at + 1, token & 15, depth);
    if (token <= 0xbf) return this.#skip(at + 1, token & 31);
    switch (token) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return at + 1;
      case 0xca:
        return this.#skip(at + 1, 4);
      case 0xcb:
        return this.#skip(at + 1, 8);
      case 0xcc:
      case 0xd0:
        return this.#skip(at + 1, 1);
      case 0xcd:
      case 0xd1:
        return this.#skip(at + 1, 2);
      case 0xce:
      case 0xd2:
        return this.#skip(at + 1, 4);
      case 0xcf:
      case 0xd3:
        return this.#skip(at + 1, 8);
      case 0xd9:
        return this.#skip(at + 2, this.#unsigned(at + 1, 1));
      case 0xda:
        return this.#skip(at + 3, this.#unsigned(at + 1, 2));
      case 0xdb:
        return this.#skip(at + 5, this.#unsigned(at + 1, 4));
      case 0xdc:
        return this.#array(at + 3, this.#unsigned(at + 1, 2), depth);
      case 0xdd:
        return this.#array(at + 5, this.#unsigned(at + 1, 4), depth);
      case 0xde:
        return this.#map(at + 3, this.#unsigned(at + 1, 2), depth);
      case 0xdf:
        return this.#map(at + 5, this.#unsigned(at + 1, 4), depth);
      default:
        throw bad(`type 0x${token.toString(16)} is not plain data`);
    }
  }

  #array(at: number, length: number, depth: number): number {
    let next = at;
    for (let i = 0; i < length; i++) next = this.value(next, depth + 1);
    return next;
  }

  #map(at: number, length: number, depth: number): number {
    let next = at;
    for (let i = 0; i < length; i++) {
      const token = this.#unsigned(next, 1);
      const isText = (token >= 0xa0 && token <= 0xbf) || (token >= 0xd9 && token <= 0xdb);
      if (!isText) throw bad("a key is not text");
      const after = this.value(next, depth + 1);
      if (this.#isProto(next, after)) throw bad('"__proto__" is not accepted as a key');
      next = this.value(after, depth + 1);
    }
    return next;
  }

  /** Whether the text between the two positions ends as `__proto__` does, whichever way its length is written. */
  #isProto(from: number, to: number): boolean {
    const token = this.#unsigned(from, 1);
    const start = from + (token <= 0xbf ? 1 : token === 0xd9 ? 2 : token === 0xda ? 3 : 5);
    if (to - start !== proto.length) return false;
    return proto.every((byte, i) => this.#bytes[start + i] === byte);
  }

  #skip(at: number, length: number): number {
    if (at + length > this.#bytes.byteLength) throw bad("it is cut off");
    return at + length;
  }

  #unsigned(at: number, size: 1 | 2 | 4): number {
    if (at + size > this.#bytes.byteLength) throw bad("it is cut off");
    return size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }
}

const proto = [..."__proto__"].map((letter) => letter.charCodeAt(0));
