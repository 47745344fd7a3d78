import { Dealer, Subscriber } from "zeromq";
import { addressOf, type ChannelName, type ConnectionInfo, type OutgoingChannel } from "./connection.js";
import { Outbox } from "./outbox.js";
import { type Parts, Signer } from "./wire.js";

/** What a link hands on: the channel and the message that came over it. */
export type Receiver = (channel: ChannelName, parts: Parts) => void;

/** Shell, control and stdin sockets to a kernel; it answers on the identity it was asked by. */
export class Link {
  readonly #sockets: Record<OutgoingChannel, Dealer>;
  readonly #outboxes: Record<OutgoingChannel, Outbox>;
  readonly #signer: Signer;

  constructor(info: ConnectionInfo, identity: string, receive: Receiver) {
    this.#signer = new Signer(info.key);
    // The kernel routes input requests to the identity that sent the execute request, so all three share it.
    const create = () => new Dealer({ routingId: identity, linger: 0 });
    this.#sockets = { shell: create(), control: create(), stdin: create() };
    // It drops an input request to whom it does not know on stdin yet: nothing is sent before it does.
    const known = handshake(this.#sockets.stdin);
    for (const channel of ["stdin", "shell", "control"] as const) {
      this.#sockets[channel].connect(addressOf(info, channel));
      void listen(this.#sockets[channel], this.#signer, (parts) => receive(channel, parts));
    }
    const outbox = (dealer: Dealer) =>
      new Outbox(async (frames) => {
        await known;
        await dealer.send(frames);
      });
    this.#outboxes = {
      shell: outbox(this.#sockets.shell),
      control: outbox(this.#sockets.control),
      stdin: outbox(this.#sockets.stdin),
    };
  }

  /** Signs and sends a message to the kernel. */
  send(channel: OutgoingChannel, parts: Parts): void {
    this.#outboxes[channel].post(this.#signer.pack(parts));
  }

  /** Bytes that the kernel has not taken yet. */
  get waiting(): number {
    return this.#outboxes.shell.waiting + this.#outboxes.control.waiting + this.#outboxes.stdin.waiting;
  }

  /** Resolves when all that was sent has been handed to the transport. */
  async drained(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.drained()));
  }

  close(): void {
    for (const outbox of Object.values(this.#outboxes)) outbox.close();
    for (const socket of Object.values(this.#sockets)) socket.close();
  }
}

/** Subscribes to everything a kernel publishes. */
export function subscribe(info: ConnectionInfo, receive: (parts: Parts) => void): Subscriber {
  const subscriber = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  subscriber.connect(addressOf(info, "iopub"));
  subscriber.subscribe();
  void listen(subscriber, new Signer(info.key), receive);
  return subscriber;
}

/** Resolves when a socket's peer knows it, or when the socket is closed. */
function handshake(socket: Dealer): Promise<void> {
  const { events } = socket;
  return new Promise((resolve) => {
    const watch = async () => {
      // Read to the end: ZeroMQ's own thread stands still when it has an event to tell and nobody takes it.
      for await (const { type } of events) if (type === "handshake") resolve();
    };
    watch().then(resolve, resolve);
  });
}

async function listen(socket: Dealer | Subscriber, signer: Signer, receive: (parts: Parts) => void): Promise<void> {
  try {
    for await (const frames of socket) {
      const parts = signer.unpack(frames as Buffer[]);
      if (parts !== undefined) receive(parts);
    }
  } catch (error) {
    // Closing a socket ends its last receive with an error.
    if (!socket.closed) throw error;
  }
}
