import { Dealer } from "zeromq";

/** How often a kernel is asked whether it lives, and how many unanswered beats mean that it does not. */
export interface HeartbeatOptions {
  everyMs: number;
  limit: number;
}

/** Pings a kernel's heartbeat port, which echoes; calls `lost` each time `limit` beats in a row went unanswered. */
export class Heartbeat {
  readonly #socket: Dealer;
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;

  constructor(address: string, { everyMs, limit }: HeartbeatOptions, lost: () => void) {
    this.#socket = new Dealer({ linger: 0, sendTimeout: 0 });
    this.#socket.connect(address);
    void this.#listen();
    this.#timer = setInterval(() => {
      if (this.#unanswered >= limit) {
        this.#unanswered = 0;
        lost();
      }
      this.#unanswered += 1;
      // A beat that cannot be sent is one that is not answered. The empty part stands for a request's envelope.
      this.#socket.send(["", "beat"]).catch(() => undefined);
    }, everyMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  async #listen(): Promise<void> {
    try {
      for await (const _echo of this.#socket) this.#unanswered = 0;
    } catch (error) {
      if (!this.#socket.closed) throw error;
    }
  }
}
