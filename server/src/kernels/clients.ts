import { KernelClient } from "./client.js";
import type { ConnectionInfo } from "./connection.js";
import type { Parts } from "./wire.js";

/** How much is kept for clients whose connection dropped. */
export interface KeepOptions {
  /** How many absent clients a kernel remembers; the one that left first is forgotten first. */
  absent: number;
  /** Bytes of messages kept for each. */
  bytes: number;
}

/** The client sessions of one kernel, present and absent. */
export class KernelClients {
  readonly #clients = new Map<string, KernelClient>();
  readonly #keep: KeepOptions;
  #enter: (client: KernelClient) => void = (client) => client.pause();

  constructor(keep: KeepOptions) {
    this.#keep = keep;
  }

  /** How many are connected now. */
  get connected(): number {
    return [...this.#clients.values()].filter((client) => client.connected).length;
  }

  /** The client with this session: the one that was away, or a new one. */
  join(session: string): KernelClient {
    const known = this.#clients.get(session);
    if (known !== undefined) return known;
    const client = new KernelClient(session, this.#keep.bytes);
    this.#enter(client);
    this.#clients.set(session, client);
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
    for (const forgotten of absent.slice(0, Math.max(0, absent.length - this.#keep.absent))) {
      this.#clients.delete(forgotten.session);
      forgotten.close();
    }
  }

  /** The kernel is between two lives. */
  pause(): void {
    this.#all((client) => client.pause());
  }

  /** Connects everyone to a kernel that is ready. */
  renew(info: ConnectionInfo): void {
    this.#all((client) => client.renew(info));
  }

  /** The kernel is dead. */
  stop(): void {
    this.#all((client) => client.stop());
  }

  /** Hands a published message to everyone. */
  publish(parts: Parts): void {
    for (const client of this.#clients.values()) client.deliver("iopub", parts);
  }

  close(): void {
    this.#all((client) => client.close());
    this.#clients.clear();
  }

  /** Does the same with those who are here and those who come later. */
  #all(act: (client: KernelClient) => void): void {
    this.#enter = act;
    for (const client of this.#clients.values()) act(client);
  }
}
