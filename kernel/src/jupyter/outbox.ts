/** What an outbox writes to. */
export interface Sink {
  send(frames: Buffer[]): Promise<void>;
}

/** Sends messages over one socket one after another, which is all that a ZeroMQ socket can do. */
export class Outbox {
  readonly #sink: Sink;
  #last: Promise<void> = Promise.resolve();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  send(frames: Buffer[]): void {
    // a client that went away is no reason to stop serving the others
    this.#last = this.#last.then(() => this.#sink.send(frames)).catch(() => {});
  }

  /** Settles when all that was sent before has left. */
  get drained(): Promise<void> {
    return this.#last;
  }
}
