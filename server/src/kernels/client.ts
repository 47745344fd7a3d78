import type { ChannelName } from "./connection.js";
import { type Parts, sizeOf, withoutOthers } from "./wire.js";

/** Where a client's messages go while it is connected. */
export type Sink = (channel: ChannelName, parts: Parts) => void;

/** What a message takes of memory that is kept, beside its bytes. */
const besideBytes = 1_000;

/** One client session of a kernel: what arrives while its connection is away is kept. */
export class KernelClient {
  readonly session: string;
  readonly #limit: number;
  #sink: Sink | undefined;
  #missed: { readonly channel: ChannelName; readonly parts: Parts; readonly bytes: number }[] = [];
  #missedBytes = 0;

  constructor(session: string, limit: number) {
    this.session = session;
    this.#limit = limit;
  }

  /** Whether somebody listens now. */
  get connected(): boolean {
    return this.#sink !== undefined;
  }

  /** Takes messages from now on, those that were missed first. */
  attach(sink: Sink): void {
    const missed = this.#missed;
    this.#missed = [];
    this.#missedBytes = 0;
    this.#sink = sink;
    for (const { channel, parts } of missed) sink(channel, parts);
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
    const bytes = sizeOf(parts) + besideBytes;
    this.#missed.push({ channel, parts: withoutOthers(parts), bytes });
    this.#missedBytes += bytes;
    while (this.#missedBytes > this.#limit) this.#missedBytes -= this.#missed.shift()!.bytes;
  }
}
