import { ArchitechError } from "@architech/protocol";
import type { Log } from "../../log.js";
import type { Delivery, LaneDepth, QueueOptions, TakeOptions, WorkQueue } from "../bus.js";
import { LaneTurns } from "../lane-turns.js";
import { checkId, checkNumber, checkSize } from "../names.js";
import { queueDefaults } from "../queue-options.js";
import { Wakeup, waitFor } from "../wakeup.js";
import type { SteadyClock } from "./steady-clock.js";
import { below, type Store, sortable, storageFailed } from "./store.js";

interface Taken {
  readonly attempt: number;
  timer: NodeJS.Timeout;
}

/** What is known in memory of a lane: the messages themselves are in the store. */
interface LaneState {
  /** Numbers of messages never taken, in order; those before `head` are gone. */
  waiting: number[];
  head: number;
  /** Numbers of messages to be delivered again. */
  again: number[];
  readonly taken: Map<number, Taken>;
  readonly attempts: Map<number, number>;
  /** Neither taken nor ready: they wait for the time of their retry. */
  readonly delayed: Map<number, NodeJS.Timeout>;
  /** Since when each message is there, or has been found, oldest first. */
  readonly since: Map<number, number>;
}

/**
 * A queue in the store: `q!<queue>!m!<lane>!<number>` is a message with its id, `…!a!<lane>!<number>` how often it was
 * delivered, `…!d!<time>!<id>` an id not to be stored again.
 */
export class LocalQueue implements WorkQueue {
  readonly #store: Store;
  readonly #prefix: string;
  readonly #turns: LaneTurns;
  readonly #ackWaitMs: number;
  readonly #dedupeMs: number;
  readonly #clock: SteadyClock;
  readonly #log: Log;
  readonly #closing: AbortSignal;
  readonly #lanes = new Map<string, LaneState>();
  /** Ids of the last while, oldest first, each with its time and when it was durable. */
  readonly #ids = new Map<string, { key: string; time: number; stored: Promise<void> }>();
  readonly #wakeup = new Wakeup();
  readonly #ready: Promise<void>;
  #next = 0;

  constructor(
    name: string,
    options: QueueOptions,
    { store, clock, log, closing }: { store: Store; clock: SteadyClock; log: Log; closing: AbortSignal },
  ) {
    ({ ackWaitMs: this.#ackWaitMs, dedupeMs: this.#dedupeMs } = queueDefaults(options));
    this.#store = store;
    this.#prefix = `q!${name}!`;
    this.#turns = new LaneTurns(options.lanes);
    this.#clock = clock;
    this.#log = log;
    this.#closing = closing;
    for (const lane of this.#turns.names) this.#lanes.set(lane, emptyLane());
    this.#ready = this.#load();
    this.#ready.catch(() => {});
    closing.addEventListener("abort", () => this.#stop(), { once: true });
  }

  async publish(lane: string, bytes: Uint8Array, { id }: { readonly id: string }): Promise<boolean> {
    this.#turns.check(lane);
    checkId(id);
    checkSize(`message ${id}`, bytes);
    await this.#ready;
    this.#checkOpen();
    this.#forgetOldIds();
    const known = this.#ids.get(id);
    if (known !== undefined) {
      await known.stored;
      return false;
    }
    const time = this.#clock.now();
    const key = `${this.#prefix}d!${sortable(Math.floor(time))}!${id}`;
    const seq = this.#next++;
    const stored = this.#store
      .batch([
        { type: "put", key: this.#key("m", lane, seq), value: withId(id, bytes) },
        { type: "put", key, value: new Uint8Array() },
      ])
      .catch(storageFailed(`cannot store message ${id}`));
    this.#ids.set(id, { key, time, stored });
    await stored.catch((error) => {
      this.#ids.delete(id);
      throw error;
    });
    this.#lane(lane).waiting.push(seq);
    this.#lane(lane).since.set(seq, time);
    this.#wakeup.wake();
    return true;
  }

  async take({ max = 1, lanes, signal }: TakeOptions = {}): Promise<Delivery[]> {
    checkNumber("max", max, 1);
    const among = this.#turns.among(lanes);
    await this.#ready;
    for (;;) {
      this.#checkOpen();
      if (signal?.aborted === true) return [];
      const woken = this.#wakeup.next;
      const picked = this.#pick(max, among);
      if (picked.length > 0) return Promise.all(picked.map(([lane, seq]) => this.#give(lane, seq)));
      await waitFor(woken, signal);
      if (this.#closing.aborted) return [];
    }
  }

  async depth(): Promise<Record<string, LaneDepth>> {
    await this.#ready;
    return Object.fromEntries(
      [...this.#lanes].map(([name, { waiting, head, taken, again, delayed }]) => [
        name,
        { waiting: waiting.length - head, taken: taken.size + again.length + delayed.size },
      ]),
    );
  }

  async oldest(): Promise<Record<string, number>> {
    await this.#ready;
    return Object.fromEntries(
      [...this.#lanes].map(([name, { since }]) => {
        const [first] = since.values();
        return [name, first === undefined ? 0 : this.#clock.since(first)];
      }),
    );
  }

  /** Finds what an earlier process left: what had been taken is ready again, with its count of deliveries. */
  async #load(): Promise<void> {
    for (const [lane, state] of this.#lanes) {
      for await (const [key, value] of this.#store.iterator(below(`${this.#prefix}a!${lane}!`)))
        state.attempts.set(numberOf(key), new DataView(value.buffer, value.byteOffset).getUint32(0));
      for await (const key of this.#store.keys(below(`${this.#prefix}m!${lane}!`))) {
        const seq = numberOf(key);
        this.#next = Math.max(this.#next, seq + 1);
        (state.attempts.has(seq) ? state.again : state.waiting).push(seq);
        state.since.set(seq, this.#clock.now());
      }
    }
    for await (const key of this.#store.keys(below(`${this.#prefix}d!`))) {
      const [time, id] = splitOnce(key.slice(this.#prefix.length + 2));
      // A clock that was set back meanwhile makes no id live longer than the window.
      this.#ids.set(id, { key, time: Math.min(Number(time), this.#clock.now()), stored: Promise.resolve() });
    }
  }

  /** Lane and number of what is next in some lanes, taken off their lists. */
  #pick(max: number, among: readonly string[]): [string, number][] {
    const picked: [string, number][] = [];
    // A turn is used up only by a take that finds something.
    if (among.every((name) => isEmpty(this.#lane(name)))) return picked;
    // Nor by one that may not look into every lane.
    const order = among.length < this.#turns.names.length ? among : this.#turns.next();
    for (const name of order) {
      const lane = this.#lane(name);
      while (picked.length < max && lane.again.length > 0) picked.push([name, lane.again.shift()!]);
      while (picked.length < max && lane.head < lane.waiting.length) picked.push([name, lane.waiting[lane.head++]!]);
      if (lane.head > 1024 && lane.head * 2 > lane.waiting.length) {
        lane.waiting = lane.waiting.slice(lane.head);
        lane.head = 0;
      }
    }
    for (const [name, seq] of picked) {
      const lane = this.#lane(name);
      const attempt = (lane.attempts.get(seq) ?? 0) + 1;
      lane.attempts.set(seq, attempt);
      lane.taken.set(seq, { attempt, timer: this.#ackTimer(name, seq) });
    }
    return picked;
  }

  async #give(lane: string, seq: number): Promise<Delivery> {
    const { attempt } = this.#lane(lane).taken.get(seq) ?? { attempt: 1 };
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, attempt);
    // On the disk before it is given out: a message that takes the process down with it is counted all the same.
    const [stored] = await Promise.all([
      this.#store.get(this.#key("m", lane, seq)),
      this.#store.put(this.#key("a", lane, seq), count),
    ]).catch((cause) => {
      this.#giveBack(lane, seq, attempt);
      return storageFailed(`cannot take from lane ${lane}`)(cause);
    });
    if (stored === undefined) throw new ArchitechError("storage-failed", `message ${seq} of lane ${lane} is gone`);
    const idLength = stored[0]!;
    const ends = () => this.#end(lane, seq);
    return {
      lane,
      id: Buffer.from(stored.buffer, stored.byteOffset + 1, idLength).toString("latin1"),
      bytes: stored.subarray(1 + idLength),
      attempt,
      ack: ends,
      drop: async (reason) => {
        this.#log.warn(`a message of lane ${lane} is dropped: ${reason}`);
        await ends();
      },
      retry: async (delayMs = 0) => {
        checkNumber("the delay of a retry", delayMs, 0);
        this.#checkOpen();
        this.#giveBack(lane, seq, attempt, delayMs);
      },
      extend: async () => {
        this.#checkOpen();
        const taken = this.#lane(lane).taken.get(seq);
        if (taken?.attempt !== attempt) return;
        clearTimeout(taken.timer);
        taken.timer = this.#ackTimer(lane, seq);
      },
    };
  }

  async #end(name: string, seq: number): Promise<void> {
    this.#checkOpen();
    await this.#store
      .batch([
        { type: "del", key: this.#key("m", name, seq) },
        { type: "del", key: this.#key("a", name, seq) },
      ])
      .catch(storageFailed(`cannot acknowledge message ${seq} of lane ${name}`));
    const lane = this.#lane(name);
    clearTimeout(lane.taken.get(seq)?.timer);
    clearTimeout(lane.delayed.get(seq));
    lane.taken.delete(seq);
    lane.delayed.delete(seq);
    lane.attempts.delete(seq);
    lane.since.delete(seq);
    const place = lane.again.indexOf(seq);
    if (place >= 0) lane.again.splice(place, 1);
  }

  /** Makes a message ready again, unless that delivery of it is over. */
  #giveBack(name: string, seq: number, attempt: number, delayMs = 0): void {
    const lane = this.#lane(name);
    const taken = lane.taken.get(seq);
    if (taken?.attempt !== attempt) return;
    clearTimeout(taken.timer);
    lane.taken.delete(seq);
    const ready = (): void => {
      lane.delayed.delete(seq);
      const place = lane.again.findIndex((other) => other > seq);
      lane.again.splice(place < 0 ? lane.again.length : place, 0, seq);
      this.#wakeup.wake();
    };
    if (delayMs === 0) ready();
    else lane.delayed.set(seq, setTimeout(ready, delayMs));
  }

  #ackTimer(lane: string, seq: number): NodeJS.Timeout {
    const attempt = this.#lane(lane).attempts.get(seq) ?? 1;
    return setTimeout(() => this.#giveBack(lane, seq, attempt), this.#ackWaitMs);
  }

  #forgetOldIds(): void {
    const old: { type: "del"; key: string }[] = [];
    for (const [id, { key, time }] of this.#ids) {
      if (this.#clock.since(time) <= this.#dedupeMs) break;
      this.#ids.delete(id);
      old.push({ type: "del", key });
    }
    // Not waited for: an id that stays in the store too long is forgotten when it is next looked at.
    if (old.length > 0) this.#store.batch(old).catch((error) => this.#log.error("cannot forget old ids", error));
  }

  #stop(): void {
    this.#wakeup.wake();
    for (const { taken, delayed } of this.#lanes.values()) {
      for (const { timer } of taken.values()) clearTimeout(timer);
      for (const timer of delayed.values()) clearTimeout(timer);
    }
  }

  #checkOpen(): void {
    if (this.#closing.aborted) throw new ArchitechError("bus-closed", "the bus is closed");
  }

  #lane(name: string): LaneState {
    return this.#lanes.get(name)!;
  }

  #key(kind: "m" | "a", lane: string, seq: number): string {
    return `${this.#prefix}${kind}!${lane}!${sortable(seq)}`;
  }
}

function emptyLane(): LaneState {
  return {
    waiting: [],
    head: 0,
    again: [],
    taken: new Map(),
    attempts: new Map(),
    delayed: new Map(),
    since: new Map(),
  };
}

function isEmpty({ waiting, head, again }: LaneState): boolean {
  return again.length === 0 && head === waiting.length;
}

/** The bytes of a message with its id before them; an id is at most 128 ASCII characters. */
function withId(id: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(id.length), Buffer.from(id, "latin1"), bytes]);
}

function numberOf(key: string): number {
  return Number(key.slice(key.lastIndexOf("!") + 1));
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf("!");
  return [text.slice(0, at), text.slice(at + 1)];
}
