import { ArchitechError } from "@architech/protocol";
import { Turns } from "../../contents/files/turns.js";
import type { State, StateChange, StateEntry } from "../bus.js";
import { Changes } from "../changes.js";
import { RevisionConflict } from "../conflict.js";
import { checkKey, checkNumber, checkSize } from "../names.js";
import type { SteadyClock } from "./steady-clock.js";
import { below, type Store, storageFailed } from "./store.js";

const headBytes = 16;

/** A bucket in the store: `s!<bucket>!v!<key>` is a value after its revision and its time, `…!r` the highest revision given. */
export class LocalState implements State {
  readonly #store: Store;
  readonly #prefix: string;
  readonly #ttlMs: number | undefined;
  readonly #clock: SteadyClock;
  readonly #closing: AbortSignal;
  readonly #turns = new Turns();
  readonly #watchers = new Map<Changes, string>();
  readonly #expiry = new Map<string, NodeJS.Timeout>();
  readonly #ready: Promise<void>;
  #revision = 0;

  constructor(
    bucket: string,
    ttlMs: number | undefined,
    { store, clock, closing }: { store: Store; clock: SteadyClock; closing: AbortSignal },
  ) {
    this.#store = store;
    this.#prefix = `s!${bucket}!`;
    this.#ttlMs = ttlMs;
    this.#clock = clock;
    this.#closing = closing;
    this.#ready = this.#load();
    this.#ready.catch(() => {});
    closing.addEventListener("abort", () => this.#stop(), { once: true });
  }

  async get(key: string): Promise<StateEntry | undefined> {
    await this.#check(key);
    return this.#read(key);
  }

  create(key: string, value: Uint8Array): Promise<number> {
    return this.#write(key, value, 0);
  }

  async update(key: string, value: Uint8Array, revision: number): Promise<number> {
    checkNumber("a revision", revision, 1);
    return this.#write(key, value, revision);
  }

  async delete(key: string, revision?: number): Promise<void> {
    if (revision !== undefined) checkNumber("a revision", revision, 1);
    await this.#check(key);
    await this.#turns.take(key, async () => {
      const current = (await this.#read(key))?.revision ?? 0;
      if (revision !== undefined && revision !== current) throw new RevisionConflict(key, revision, current);
      if (current > 0) await this.#remove(key);
    });
  }

  async clear(prefix: string): Promise<void> {
    for (const key of await this.keys(prefix)) await this.delete(key);
  }

  async keys(prefix = ""): Promise<string[]> {
    if (prefix !== "") checkKey("a prefix", prefix);
    await this.#open();
    const keys: string[] = [];
    for await (const { key } of this.#entries(prefix)) keys.push(key);
    return keys;
  }

  async *watch(prefix: string, signal?: AbortSignal): AsyncGenerator<StateChange, void, undefined> {
    if (prefix !== "") checkKey("a prefix", prefix);
    await this.#open();
    const changes = new Changes();
    this.#watchers.set(changes, prefix);
    try {
      for await (const entry of this.#entries(prefix)) changes.push(entry);
      yield* changes.read(signal);
    } finally {
      this.#watchers.delete(changes);
    }
  }

  async #write(key: string, value: Uint8Array, expected: number): Promise<number> {
    checkSize(`the value of "${key}"`, value);
    await this.#check(key);
    return this.#turns.take(key, async () => {
      const current = (await this.#read(key))?.revision ?? 0;
      if (current !== expected) throw new RevisionConflict(key, expected, current);
      const revision = ++this.#revision;
      const stored = new Uint8Array(headBytes + value.byteLength);
      const view = new DataView(stored.buffer);
      view.setFloat64(0, revision);
      view.setFloat64(8, this.#clock.now());
      stored.set(value, headBytes);
      await this.#store
        .batch([
          { type: "put", key: `${this.#prefix}v!${key}`, value: stored },
          { type: "put", key: `${this.#prefix}r`, value: stored.slice(0, 8) },
        ])
        .catch(storageFailed(`cannot write "${key}"`));
      this.#expire(key, this.#ttlMs);
      this.#tell({ key, value: stored.subarray(headBytes), revision });
      return revision;
    });
  }

  /** Removes a key that is there; within its turn. */
  async #remove(key: string): Promise<void> {
    const revision = ++this.#revision;
    const last = new Uint8Array(8);
    new DataView(last.buffer).setFloat64(0, revision);
    await this.#store
      .batch([
        { type: "del", key: `${this.#prefix}v!${key}` },
        { type: "put", key: `${this.#prefix}r`, value: last },
      ])
      .catch(storageFailed(`cannot delete "${key}"`));
    clearTimeout(this.#expiry.get(key));
    this.#expiry.delete(key);
    this.#tell({ key, value: undefined, revision });
  }

  async #read(key: string): Promise<StateEntry | undefined> {
    const stored = await this.#store
      .get(`${this.#prefix}v!${key}`)
      .catch(storageFailed(`cannot read "${key}"`) as (cause: unknown) => undefined);
    return stored === undefined ? undefined : entryOf(key, stored);
  }

  async *#entries(prefix: string): AsyncGenerator<StateEntry> {
    const values = `${this.#prefix}v!`;
    for await (const [key, stored] of this.#store.iterator(below(prefix === "" ? values : `${values}${prefix}.`)))
      yield entryOf(key.slice(values.length), stored);
  }

  async #load(): Promise<void> {
    const last = await this.#store.get(`${this.#prefix}r`);
    if (last !== undefined) this.#revision = new DataView(last.buffer, last.byteOffset).getFloat64(0);
    if (this.#ttlMs === undefined) return;
    const values = `${this.#prefix}v!`;
    for await (const [key, stored] of this.#store.iterator(below(values))) {
      const age = this.#clock.since(new DataView(stored.buffer, stored.byteOffset).getFloat64(8));
      this.#expire(key.slice(values.length), Math.max(0, this.#ttlMs - age));
    }
  }

  /** Lets a key go after so long, unless it is written again. */
  #expire(key: string, afterMs: number | undefined): void {
    if (afterMs === undefined) return;
    clearTimeout(this.#expiry.get(key));
    const timer = setTimeout(() => {
      void this.#turns
        .take(key, async () => {
          if (this.#expiry.get(key) === timer && !this.#closing.aborted) await this.#remove(key);
        })
        .catch(() => {});
    }, afterMs);
    this.#expiry.set(key, timer);
  }

  #tell(change: StateChange): void {
    for (const [changes, prefix] of this.#watchers)
      if (prefix === "" || change.key.startsWith(`${prefix}.`)) changes.push(change);
  }

  #stop(): void {
    for (const timer of this.#expiry.values()) clearTimeout(timer);
    for (const changes of this.#watchers.keys()) changes.close();
  }

  async #check(key: string): Promise<void> {
    checkKey("a key", key);
    await this.#open();
  }

  async #open(): Promise<void> {
    await this.#ready;
    if (this.#closing.aborted) throw new ArchitechError("bus-closed", "the bus is closed");
  }
}

function entryOf(key: string, stored: Uint8Array): StateEntry {
  const revision = new DataView(stored.buffer, stored.byteOffset).getFloat64(0);
  return { key, value: stored.subarray(headBytes), revision };
}
