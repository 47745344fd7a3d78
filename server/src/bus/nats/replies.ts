import { createInbox, type Msg, type NatsConnection } from "@nats-io/transport-node";

/** Answers of many messages each, all of which come over one subscription: the server need not be told of each question. */
export class Replies {
  readonly #inbox = createInbox();
  readonly #waiting = new Map<string, (error: Error | null, message: Msg) => void>();
  #next = 0;

  constructor(nc: NatsConnection) {
    nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error !== null) for (const waiting of [...this.#waiting.values()]) waiting(error, message);
        else this.#waiting.get(message.subject.slice(this.#inbox.length + 1))?.(null, message);
      },
    });
  }

  /** A subject that messages can be sent to, until it is closed. */
  open(onMessage: (error: Error | null, message: Msg) => void): { readonly subject: string; close(): void } {
    const name = String(this.#next++);
    this.#waiting.set(name, onMessage);
    return { subject: `${this.#inbox}.${name}`, close: () => void this.#waiting.delete(name) };
  }
}
