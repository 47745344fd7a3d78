import type { XPublisher } from "zeromq";
import type { Header, Headers, Message } from "./message.js";
import { Outbox } from "./outbox.js";
import type { Wire } from "./wire.js";

/** The request that something is published for. */
export type Parent = Message["parent"];

interface Extras {
  readonly metadata?: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

/** How much text of a stream is gathered into one message, in UTF-16 units. */
const gathered = 1 << 18;
/** How long text may wait for more to come. */
const gatheringMs = 10;

/** What everyone hears: status, output, results. Text that comes in small pieces is sent in larger ones, in order. */
export class Iopub {
  readonly #wire: Wire;
  readonly #headers: Headers;
  readonly #socket: XPublisher;
  readonly #outbox: Outbox;
  #text: { name: string; parts: string[]; length: number; parent: Parent } | undefined;

  constructor(socket: XPublisher, wire: Wire, headers: Headers) {
    this.#socket = socket;
    this.#wire = wire;
    this.#headers = headers;
    this.#outbox = new Outbox(socket);
  }

  publish(type: string, content: Record<string, unknown>, parent: Parent, extras: Extras = {}): void {
    this.#flush();
    this.#send(this.#headers.next(type), content, parent, extras);
  }

  status(state: "starting" | "busy" | "idle", parent: Parent): void {
    this.publish("status", { execution_state: state }, parent);
  }

  stream(name: string, text: string, parent: Parent): void {
    if (this.#text && (this.#text.name !== name || this.#text.parent !== parent)) this.#flush();
    if (!this.#text) {
      this.#text = { name, parts: [], length: 0, parent };
      setTimeout(() => this.#flush(), gatheringMs);
    }
    this.#text.parts.push(text);
    this.#text.length += text.length;
    if (this.#text.length >= gathered) this.#flush();
  }

  /** Greets each subscriber, so that a client knows from when on it hears everything. */
  async welcome(): Promise<void> {
    for await (const [frame] of this.#socket) {
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1).toString();
      this.publish("iopub_welcome", { subscription }, {});
    }
  }

  get drained(): Promise<void> {
    this.#flush();
    return this.#outbox.drained;
  }

  #flush(): void {
    const text = this.#text;
    if (!text) return;
    this.#text = undefined;
    this.#send(this.#headers.next("stream"), { name: text.name, text: text.parts.join("") }, text.parent);
  }

  #send(header: Header, content: Record<string, unknown>, parent: Parent, extras: Extras = {}): void {
    const topic = Buffer.from(`kernel.${this.#headers.session}.${header.msg_type}`);
    const { metadata = {}, buffers = [] } = extras;
    this.#outbox.send(this.#wire.encode({ identities: [topic], header, parent, metadata, content, buffers }));
  }
}
