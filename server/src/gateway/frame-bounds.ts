/** Follows the frames of a WebSocket in the bytes that a client sends, so that one more can be put between two of them. */
export class FrameBounds {
  /** What has come of a header that is not whole. */
  #header: number[] = [];
  #payloadLeft = 0;

  /** Whether all frames that have begun are whole. */
  get isBetween(): boolean {
    return this.#header.length === 0 && this.#payloadLeft === 0;
  }

  pass(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, bytes.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        continue;
      }
      this.#header.push(bytes[at++]!);
      const payload = payloadOf(this.#header);
      if (payload === undefined) continue;
      this.#payloadLeft = payload;
      this.#header = [];
    }
  }
}

/** Bytes of payload after a header, RFC 6455 section 5.2; undefined while the header is not whole. */
function payloadOf(header: readonly number[]): number | undefined {
  const [, second] = header;
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const maskBytes = second & 0x80 ? 4 : 0;
  if (header.length < 2 + lengthBytes + maskBytes) return undefined;
  if (lengthBytes === 0) return short;
  return header.slice(2, 2 + lengthBytes).reduce((length, byte) => length * 256 + byte, 0);
}
