import type { ChannelName, ConnectionInfo } from "./connection.js";
import { Link } from "./link.js";
import type { Parts } from "./wire.js";

/** Where a client's messages go while it is connected. */
export type Sink = (channel: ChannelName, parts: Parts) => void;

/** A channel that a client can send on. */
type Outgoing = Exclude<ChannelName, "iopub">;

/**
 * One client session of a kernel: its own sockets; what it sends while the kernel is not ready waits, and what arrives
 * while its connection is away is kept.
 */
export class KernelClient {
  readonly session: string;
  readonly #limit: number;
  #link: Link | undefined;
  #accepts = true;
  #early: [Outgoing, Parts][] = [];
  #earlyBytes = 0;
  #renewed: (() => void)[] = [];
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
    return this.#earlyBytes + (this.#link?.waiting ?? 0);
  }

  /** Resolves when the kernel has taken what was sent, or will not take it any more. */
  async drained(): Promise<void> {
    if (this.#link === undefined && this.#earlyBytes > 0) {
      await new Promise<void>((resolve) => {
        this.#renewed.push(resolve);
      });
    }
    await this.#link?.drained();
  }

  /** The kernel is between two lives: what was under way is gone, what is sent from now on waits for the next. */
  pause(): void {
    this.#link?.close();
    this.#link = undefined;
    this.#accepts = true;
  }

  /** Connects to a kernel that is ready. */
  renew(info: ConnectionInfo): void {
    this.pause();
    this.#link = new Link(info, this.session, (channel, parts) => this.deliver(channel, parts));
    for (const [channel, parts] of this.#early) this.#link.send(channel, parts);
    this.#settle();
  }

  /** The kernel is dead: what is sent from now on goes nowhere. */
  stop(): void {
    this.pause();
    this.#accepts = false;
    this.#settle();
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

  /** Sends a message to the kernel, once it is ready. */
  send(channel: Outgoing, parts: Parts): void {
    if (this.#link !== undefined) this.#link.send(channel, parts);
    else if (this.#accepts) {
      this.#early.push([channel, parts]);
      this.#earlyBytes += sizeOf(parts);
    }
  }

  close(): void {
    this.stop();
    this.#missed = [];
  }

  #settle(): void {
    this.#early = [];
    this.#earlyBytes = 0;
    for (const resolve of this.#renewed.splice(0)) resolve();
  }
}

function sizeOf(parts: Parts): number {
  const json = parts.header.length + parts.parent.length + parts.metadata.length + parts.content.length;
  return parts.buffers.reduce((sum, buffer) => sum + buffer.length, json);
}
