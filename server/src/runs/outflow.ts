import type { Duplex } from "node:stream";
import { ArchitechError, controlKind, readFrameHeader } from "@architech/protocol";
import type { WebSocket } from "ws";
import type { Pace } from "./pace.js";
import { Window } from "./window.js";

/** How one reader is sent to. */
export interface OutflowOptions {
  /** Bytes sent ahead of what the reader has acknowledged. */
  readonly windowBytes: number;
  /** How long a reader may take nothing while it is owed something; then it is disconnected. */
  readonly stallMs: number;
  readonly pace: Pace;
  readonly closed: AbortSignal;
}

/**
 * Sends frames to one reader: no further ahead than its window, no faster than its connection takes them, and what goes
 * out at once in one call of the system. Nothing is copied: what waits is the bytes that other readers are sent too.
 */
export class Outflow {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #window: Window;
  readonly #options: OutflowOptions;
  #hasWaited = false;

  /** `stream`: what the socket writes to. */
  constructor(socket: WebSocket, stream: Duplex, options: OutflowOptions) {
    this.#socket = socket;
    this.#stream = stream;
    this.#window = new Window(options.windowBytes);
    this.#options = options;
    const wake = (): void => this.#window.interrupt();
    stream.on("drain", wake);
    options.closed.addEventListener("abort", wake);
  }

  /** Whether the reader had to be waited for since this was asked last. */
  takeWaited(): boolean {
    const waited = this.#hasWaited;
    this.#hasWaited = false;
    return waited;
  }

  /** Throws `bad-message` for a frame that was not sent. */
  acknowledge(seq: number): void {
    this.#window.acknowledge(seq);
  }

  /** Sends frames, and control messages between them. Returns when all are on their way. Throws `reader-stalled`. */
  async send(messages: readonly Uint8Array[]): Promise<void> {
    for (let next = 0; next < messages.length; ) {
      await this.#room(messages[next]!);
      const burst = this.#burst(messages, next);
      await this.#options.pace.turn(burst.bytes);
      if (this.#options.closed.aborted) return;
      this.#stream.cork();
      for (; next < burst.end; next++) this.#one(messages[next]!);
      this.#stream.uncork();
    }
  }

  /** What the window lets through from a message on. */
  #burst(messages: readonly Uint8Array[], from: number): { bytes: number; end: number } {
    let bytes = messages[from]!.byteLength;
    let end = from + 1;
    while (end < messages.length && this.#window.hasRoom(bytes + messages[end]!.byteLength))
      bytes += messages[end++]!.byteLength;
    return { bytes, end };
  }

  #one(message: Uint8Array): void {
    if (message[0] !== controlKind) this.#window.sent(readFrameHeader(message).seq, message.byteLength);
    this.#socket.send(message);
  }

  /** Waits until a message may be sent. */
  async #room({ byteLength }: Uint8Array): Promise<void> {
    const { stallMs, closed } = this.#options;
    while (!closed.aborted && !(this.#window.hasRoom(byteLength) && this.#isDrained())) {
      this.#hasWaited = true;
      let isStalled = false;
      const timer = setTimeout(() => {
        isStalled = true;
        this.#window.interrupt();
      }, stallMs);
      await this.#window.changed();
      clearTimeout(timer);
      if (isStalled)
        throw new ArchitechError(
          "reader-stalled",
          `nothing was acknowledged for ${stallMs / 1000} s: connect again with the offset of the next frame`,
        );
    }
  }

  /** Whether the connection has taken what was written. It says so by "drain" where it had to be waited for. */
  #isDrained(): boolean {
    return this.#stream.writableLength === 0 || !this.#stream.writableNeedDrain;
  }
}
