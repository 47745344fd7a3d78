import type { ChannelName, ConnectionInfo } from "./connection.js";
import { Link } from "./link.js";
import type { Parts } from "./wire.js";

/** Where a client's messages go while it is connected. */
export type Sink = (channel: ChannelName, parts: Parts) => void;

/** One client session of a kernel: its own sockets, and what arrives while its connection is away. */
export class KernelClient {
  readonly session: string;
  readonly #limit: number;
  #link: Link | undefined;
  #sink: Sink | undefined;
  #missed: [ChannelName, Parts][] = [];
  #missedBytes = 0;

  constructor(session: string, limit: number) {
    this.session = session;
    this.#limit = limit;
  }

  /** Whether somebody listens now. */
  get connected(): boolean {
    return this.#sink !== undefined;
  }

  /** Bytes that the kernel has not taken yet. */
  get waiting(): number {
    return this.#link?.waiting ?? 0;
  }

  /** Resolves when the kernel has taken what was sent. */
  drained(): Promise<void> {
    return this.#link?.drained() ?? Promise.resolve();
  }

  /** Connects to a new life of the kernel; what was under way with the old one is gone. */
  renew(info: ConnectionInfo): void {
    this.#link?.close();
    this.#link = new Link(info, this.session, (channel, parts) => this.deliver(channel, parts));
  }

  /** Takes messages from now on, those that were missed first. */
  attach(sink: Sink): void {
    const missed = this.#missed;
    this.#missed = [];
    this.#missedBytes = 0;
    this.#sink = sink;
    for (const [channel, parts] of missed) sink(channel, parts);
  }

  /** Keeps messages from now on until the client comes back. */
  detach(): void {
    this.#sink = undefined;
  }

  /** Hands a message to the client, or keeps it; past the limit the oldest are dropped. */
  deliver(channel: ChannelName, parts: Parts): void {
    if (this.#sink !== undefined) {
      this.#sink(channel, parts);
      return;
    }
    this.#missed.push([channel, parts]);
    this.#missedBytes += sizeOf(parts);
    while (this.#missedBytes > this.#limit) this.#missedBytes -= sizeOf(this.#missed.shift()![1]);
  }

  /** Sends a message to the kernel; without a living kernel it is dropped, as a kernel that dies drops it. */
  send(channel: Exclude<ChannelName, "iopub">, parts: Parts): void {
    this.#link?.send(channel, parts);
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
    this.#missed = [];
  }
}

/** The bytes of a message. */
export function sizeOf(parts: Parts): number {
  const json = parts.header.length + parts.parent.length + parts.metadata.length + parts.content.length;
  return parts.buffers.reduce((sum, buffer) => sum + buffer.length, json);
}
