import type { Router } from "zeromq";
import type { Header, Headers, Message } from "./message.js";
import { Outbox } from "./outbox.js";
import type { Wire } from "./wire.js";

/** A socket on which clients ask and are answered: shell, control or stdin. */
export class Channel {
  readonly #socket: Router;
  readonly #wire: Wire;
  readonly #headers: Headers;
  readonly #outbox: Outbox;

  constructor(socket: Router, wire: Wire, headers: Headers) {
    this.#socket = socket;
    this.#wire = wire;
    this.#headers = headers;
    this.#outbox = new Outbox(socket);
  }

  /** Sends a message to whoever sent `request`. */
  send(type: string, content: Record<string, unknown>, request: Message): Header {
    const header = this.#headers.next(type);
    const { identities, header: parent } = request;
    this.#outbox.send(this.#wire.encode({ identities, header, parent, metadata: {}, content, buffers: [] }));
    return header;
  }

  /** Calls `take` with each message; what is no message, or signed with another key, is reported and dropped. */
  async listen(take: (message: Message) => void): Promise<void> {
    for await (const frames of this.#socket) {
      try {
        take(this.#wire.decode(frames));
      } catch (error) {
        process.stderr.write(`architech kernel: ignored: ${(error as Error).message}\n`);
      }
    }
  }

  get drained(): Promise<void> {
    return this.#outbox.drained;
  }
}
