/** Sends messages one at a time and in order: a ZeroMQ socket refuses a send while another is under way. */
export class Outbox {
  /** Bytes that wait to be sent. */
  waiting = 0;
  readonly #send: (frames: Buffer[]) => Promise<void>;
  readonly #queue: Buffer[][] = [];
  #sending = false;
  #closed = false;
  #drained: (() => void)[] = [];

  constructor(send: (frames: Buffer[]) => Promise<void>) {
    this.#send = send;
  }

  /** Queues a message; returns at once. After close() messages are dropped. */
  post(frames: Buffer[]): void {
    if (this.#closed) return;
    this.#queue.push(frames);
    this.waiting += sizeOf(frames);
    if (!this.#sending) void this.#pump();
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    return this.waiting === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#settle();
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    for (let frames = this.#queue.shift(); frames !== undefined; frames = this.#queue.shift()) {
      // A send fails only when the socket has been closed; what is left has nowhere to go.
      await this.#send(frames).catch(() => this.close());
      this.waiting = Math.max(0, this.waiting - sizeOf(frames));
    }
    this.#sending = false;
    this.#settle();
  }

  #settle(): void {
    this.waiting = 0;
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}

function sizeOf(frames: readonly Buffer[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}
