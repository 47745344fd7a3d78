import assert from "node:assert/strict";
import type { Bus, Subscription } from "#src/bus/bus.js";
import { Wakeup } from "#src/bus/wakeup.js";
import { partJoinings, partOffers } from "#src/cluster/part-messages.js";

/** Hears on the bus what the parts of one task say to each other. */
export class PartsHeard {
  /** The worker that has offered parts last, so it has the task. */
  leader = "";
  /** Those that had one. */
  readonly helpers = new Set<string>();
  /** Windows that part 1 has given, by session. */
  readonly windows = new Map<string, number>();
  readonly #offered = new Set<string>();
  #words = 0;
  readonly #heard = new Wakeup();
  readonly #listening: Subscription[] = [];

  static async on(bus: Bus): Promise<PartsHeard> {
    const heard = new PartsHeard();
    await heard.#listen(bus, "parts.offers", (bytes) => {
      const { worker, session } = partOffers.unpack(bytes);
      heard.leader = worker;
      heard.#offered.add(session);
      heard.#heard.wake();
    });
    await heard.#listen(bus, "parts.joining.*", (bytes) => {
      const { state, worker } = partJoinings.unpack(bytes);
      if (state === "ready") heard.helpers.add(worker);
    });
    await heard.#listen(bus, "parts.words.*.*", (_, subject) => heard.#count(subject));
    return heard;
  }

  /** A worker that has a part and does not lead. */
  get helper(): string {
    return [...this.helpers].find((id) => id !== this.leader) ?? assert.fail("nobody helps");
  }

  /** Resolves once the parts have said so many words. */
  async words(count: number): Promise<void> {
    while (this.#words < count) await this.#heard.next;
  }

  /** Resolves once so many sessions have been offered. */
  async offers(count: number): Promise<void> {
    while (this.#offered.size < count) await this.#heard.next;
  }

  /** What of one task was done twice, by the windows of its sessions. */
  repeated(whole: number): string {
    const all = [...this.windows.values()];
    const more = all.reduce((sum, count) => sum + count, 0) - whole;
    const again = Math.max(0, (100 * more) / whole).toFixed(0);
    return `${all.join(" + ")} windows instead of ${whole}, so ${again} % was done again`;
  }

  close(): void {
    for (const heard of this.#listening) heard.close();
  }

  #count(subject: string): void {
    const [, , session, part] = subject.split(".");
    this.#words++;
    if (part === "1") this.windows.set(session!, (this.windows.get(session!) ?? 0) + 1);
    this.#heard.wake();
  }

  async #listen(bus: Bus, pattern: string, act: (bytes: Uint8Array, subject: string) => void): Promise<void> {
    const heard = await bus.subscribe(pattern);
    this.#listening.push(heard);
    void (async () => {
      for await (const { bytes, subject } of heard) act(bytes, subject);
    })();
  }
}
