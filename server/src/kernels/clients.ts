import type { CellTraces } from "./cell-traces.js";
import { KernelClient } from "./client.js";
import type { ChannelName, OutgoingChannel } from "./connection.js";
import { ToKernel } from "./to-kernel.js";
import { headerOf, type Parts } from "./wire.js";

/** How much is kept for clients whose connection dropped. */
export interface KeepOptions {
  /** How many absent clients a kernel remembers; the one that left first is forgotten first. */
  absent: number;
  /** What the messages kept for each may take of memory. */
  bytes: number;
}

/** Sessions that clients have named in their messages beside their own and that answers are still led by. */
const otherSessions = 1_000;

/** The client sessions of one kernel, present and absent; an answer goes to who asked, by the session that asked. */
export class KernelClients {
  readonly toKernel: ToKernel = new ToKernel();
  readonly #clients = new Map<string, KernelClient>();
  /** Who last sent a message that names another session than its own, the latest last. */
  readonly #senders = new Map<string, KernelClient>();
  readonly #keep: KeepOptions;
  readonly #traces: CellTraces | undefined;

  constructor(keep: KeepOptions, traces?: CellTraces) {
    this.#keep = keep;
    this.#traces = traces;
  }

  /** How many are connected now. */
  get connected(): number {
    return [...this.#clients.values()].filter((client) => client.connected).length;
  }

  /** The client with this session: the one that was away, or a new one. */
  join(session: string): KernelClient {
    let client = this.#clients.get(session);
    if (client === undefined) this.#clients.set(session, (client = new KernelClient(session, this.#keep.bytes)));
    return client;
  }

  /** Keeps the client's messages until it comes back or too many others have left. */
  leave(client: KernelClient): void {
    client.detach();
    if (this.#clients.get(client.session) !== client) return;
    // The order of the map is the order of leaving.
    this.#clients.delete(client.session);
    this.#clients.set(client.session, client);
    const absent = [...this.#clients.values()].filter(({ connected }) => !connected);
    for (const forgotten of absent.slice(0, Math.max(0, absent.length - this.#keep.absent)))
      this.#clients.delete(forgotten.session);
  }

  /** Sends a client's message to the kernel, once it is ready. */
  send(client: KernelClient, channel: OutgoingChannel, parts: Parts): void {
    const session = headerOf(parts.header)?.session;
    if (session !== undefined && session !== client.session) {
      this.#senders.delete(session);
      this.#senders.set(session, client);
      if (this.#senders.size > otherSessions) this.#senders.delete(this.#senders.keys().next().value!);
    }
    this.toKernel.send(channel, channel === "shell" ? (this.#traces?.asked(parts) ?? parts) : parts);
  }

  /** Hands the kernel's answer to who asked by a message of this session; nobody gets what nobody here asked. */
  answer(session: string, channel: ChannelName, parts: Parts): void {
    if (channel === "shell") this.#traces?.answered(parts);
    (this.#senders.get(session) ?? this.#clients.get(session))?.deliver(channel, parts);
  }

  /** Hands a published message to everyone. */
  publish(parts: Parts): void {
    for (const client of this.#clients.values()) client.deliver("iopub", parts);
  }

  close(): void {
    this.toKernel.stop();
    this.#clients.clear();
    this.#senders.clear();
  }
}
