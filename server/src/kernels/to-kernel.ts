import type { OutgoingChannel } from "./connection.js";
import type { Link } from "./link.js";
import { type Parts, sizeOf } from "./wire.js";

/** What clients send to a kernel, through all its lives: while it is not ready it waits, when it is dead it goes nowhere. */
export class ToKernel {
  #link: Link | undefined;
  #accepts = true;
  #early: [OutgoingChannel, Parts][] = [];
  #earlyBytes = 0;
  #settled: (() => void)[] = [];

  /** Bytes that the kernel has not taken yet. */
  get waiting(): number {
    return this.#earlyBytes + (this.#link?.waiting ?? 0);
  }

  /** Resolves when the kernel has taken what was sent, or will not take it any more. */
  async drained(): Promise<void> {
    if (this.#link === undefined && this.#earlyBytes > 0) {
      await new Promise<void>((resolve) => {
        this.#settled.push(resolve);
      });
    }
    await this.#link?.drained();
  }

  send(channel: OutgoingChannel, parts: Parts): void {
    if (this.#link !== undefined) this.#link.send(channel, parts);
    else if (this.#accepts) {
      this.#early.push([channel, parts]);
      this.#earlyBytes += sizeOf(parts);
    }
  }

  /** The kernel is between two lives: what was under way is gone, what is sent from now on waits for the next. */
  pause(): void {
    this.#link = undefined;
    this.#accepts = true;
  }

  /** A kernel is ready that has this link. */
  renew(link: Link): void {
    this.#link = link;
    for (const [channel, parts] of this.#early) link.send(channel, parts);
    this.#settle();
  }

  /** The kernel is dead: what is sent from now on goes nowhere. */
  stop(): void {
    this.#link = undefined;
    this.#accepts = false;
    this.#settle();
  }

  #settle(): void {
    this.#early = [];
    this.#earlyBytes = 0;
    for (const resolve of this.#settled.splice(0)) resolve();
  }
}
