import type { ClientMessage } from "./control.js";
import { encodeControl } from "./control.js";

/** What is needed of a WebSocket: the browser's and the one of `ws` both have it. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(
    type: "open" | "message" | "close" | "error",
    listener: (event: { data?: unknown; code?: number; reason?: string }) => void,
  ): void;
}

/** Makes a socket for an address. */
export type SocketConstructor = new (url: string) => SocketLike;

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
  /** Whether it was ever open. */
  readonly opened: boolean;
}

const open = 1;

/** One WebSocket as an async iterable of binary messages. `break` closes it. What has not been taken waits in a queue that the acknowledgement window bounds. */
export class StreamConnection implements AsyncIterable<Uint8Array> {
  readonly #socket: SocketLike;
  readonly #queue: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #opened = false;
  #closed: Closed | undefined;

  constructor(Socket: SocketConstructor, url: string) {
    this.#socket = new Socket(url);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => {
      this.#opened = true;
    });
    this.#socket.addEventListener("message", ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return this.close(1003, "binary messages only");
      this.#queue.push(new Uint8Array(data));
      this.#wake?.();
    });
    // An error is always followed by a close, which says as much.
    this.#socket.addEventListener("error", () => {});
    this.#socket.addEventListener("close", ({ code, reason }) => {
      this.#closed ??= { code: code ?? 1006, reason: reason ?? "", opened: this.#opened };
      this.#wake?.();
    });
  }

  /** Set once the connection has ended. */
  get closed(): Closed | undefined {
    return this.#closed;
  }

  send(message: ClientMessage): void {
    if (this.#socket.readyState === open) this.#socket.send(encodeControl(message));
  }

  close(code = 1000, reason = ""): void {
    this.#closed ??= { code, reason, opened: this.#opened };
    this.#socket.close(code, reason);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const message = this.#queue.shift();
        if (message !== undefined) yield message;
        else if (this.#closed !== undefined) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.close();
    }
  }
}
