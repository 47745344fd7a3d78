import { headers, nanos, nuid } from "@nats-io/transport-node";
import type { State, StateChange, StateEntry } from "../bus.js";
import { Changes } from "../changes.js";
import { RevisionConflict } from "../conflict.js";
import { checkKey, checkNumber, checkSize } from "../names.js";
import { deletedHeader, isDeletion, readBatch, type StoredMessage } from "./batch.js";
import { follow, told } from "./follow.js";
import type { JetStream, Link } from "./link.js";
import { EnsuredStream, type LastMessage } from "./streams.js";
import { Again, isWrongSequence } from "./transient.js";

/** How long a deletion can be seen by a watcher that was away. */
const deletionLife = "1h";
const dedupeMs = 120_000;
const messageId = "Nats-Msg-Id";
const piece = { batch: 1_000, max_bytes: 4 << 20 };

/**
 * A bucket is a stream that keeps the last message of each key; its sequence is the revision. Not the key-value store of
 * NATS's client: that one may read from a copy that is behind, and cannot tell after a lost answer whether a write was
 * its own, which the id of each message here does.
 */
export class NatsState implements State {
  readonly #link: Link;
  readonly #stream: EnsuredStream;
  readonly #subjects: string;

  constructor(link: Link, prefix: string, bucket: string, replicas: number | undefined, ttlMs: number | undefined) {
    this.#link = link;
    this.#subjects = `${prefix}.s.${bucket}`;
    this.#stream = new EnsuredStream(link, replicas, {
      name: `${prefix}_s_${bucket}`,
      subjects: [`${this.#subjects}.>`],
      max_msgs_per_subject: 1,
      allow_direct: true,
      discard: "new",
      republish: told(prefix, "s", bucket),
      allow_msg_ttl: true,
      duplicate_window: nanos(Math.min(ttlMs ?? dedupeMs, dedupeMs)),
      // The server itself says that a key's time is over, for a while, to those who watch.
      ...(ttlMs === undefined ? {} : { max_age: nanos(ttlMs), subject_delete_marker_ttl: nanos(60_000) }),
    });
  }

  async get(key: string): Promise<StateEntry | undefined> {
    this.#check(key);
    return this.#stream.patiently(`to read "${key}"`, async (streams) => {
      const last = await this.#stream.last(streams, `${this.#subjects}.${key}`);
      const revision = revisionOf(last);
      return last === undefined || revision === 0 ? undefined : { key, value: last.data, revision };
    });
  }

  create(key: string, value: Uint8Array): Promise<number> {
    return this.#write(key, value, 0);
  }

  async update(key: string, value: Uint8Array, revision: number): Promise<number> {
    checkNumber("a revision", revision, 1);
    return this.#write(key, value, revision);
  }

  async delete(key: string, revision?: number): Promise<void> {
    this.#check(key);
    if (revision !== undefined) checkNumber("a revision", revision, 1);
    const id = nuid.next();
    const given = headers();
    given.set(deletedHeader, "1");
    const subject = `${this.#subjects}.${key}`;
    // What is deleted at a revision need not be looked at first.
    let at = revision;
    await this.#stream.patiently(`to delete "${key}"`, async (streams) => {
      if (at === undefined) {
        const last = await this.#stream.last(streams, subject);
        if (last?.header.get(messageId) === id) return;
        const current = revisionOf(last);
        if (revision !== undefined && revision !== current) throw new RevisionConflict(key, revision, current);
        if (current === 0) return;
        at = current;
      }
      const expect = { lastSubjectSequence: at };
      await streams.js
        .publish(subject, new Uint8Array(), { msgID: id, headers: given, expect, ttl: deletionLife })
        .catch((error) => {
          at = undefined;
          throw isWrongSequence(error) ? new Again(`"${key}" has another writer`) : error;
        });
    });
  }

  async clear(prefix: string): Promise<void> {
    const filter = this.#below(prefix);
    await this.#stream.patiently(`to clear "${prefix}"`, ({ jsm }) => jsm.streams.purge(this.#stream.name, { filter }));
  }

  async keys(prefix = ""): Promise<string[]> {
    const subject = this.#below(prefix);
    return this.#stream.patiently(`to list the keys below "${prefix}"`, async (streams) => {
      const found = new Map<string, boolean>();
      for (const { subject: name, deleted } of await this.#all(streams, subject))
        found.set(this.#keyOf(name), !deleted);
      return [...found].filter(([, there]) => there).map(([key]) => key);
    });
  }

  async *watch(prefix: string, signal?: AbortSignal): AsyncGenerator<StateChange, void, undefined> {
    const subject = this.#below(prefix);
    const changes = new Changes();
    const stop = new AbortController();
    const end = (): void => stop.abort();
    signal?.addEventListener("abort", end);
    const following = (async () => {
      const seen = new Set<string>();
      const start = { subject, from: 1, signal: stop.signal };
      for await (const messages of follow(this.#link, this.#stream, start))
        for (const { subject: name, seq, data, deleted } of messages) {
          const key = this.#keyOf(name);
          // A deletion of what this watcher never saw tells it nothing.
          if (!deleted || seen.has(key)) changes.push({ key, value: deleted ? undefined : data, revision: seq });
          if (deleted) seen.delete(key);
          else seen.add(key);
        }
    })();
    following.then(
      () => changes.close(),
      (error) => changes.close(error),
    );
    try {
      yield* changes.read(signal);
    } finally {
      signal?.removeEventListener("abort", end);
      stop.abort();
    }
  }

  async #write(key: string, value: Uint8Array, expected: number): Promise<number> {
    this.#check(key);
    checkSize(`the value of "${key}"`, value);
    const id = nuid.next();
    const subject = `${this.#subjects}.${key}`;
    return this.#stream.patiently(`to write "${key}"`, async (streams) => {
      for (let at = expected; ; ) {
        try {
          return (await streams.js.publish(subject, value, { msgID: id, expect: { lastSubjectSequence: at } })).seq;
        } catch (error) {
          if (!isWrongSequence(error)) throw error;
        }
        const last = await this.#stream.last(streams, subject);
        // Done by an earlier try whose answer was lost.
        if (last?.header.get(messageId) === id) return last.seq;
        const current = revisionOf(last);
        if (expected !== 0 || current !== 0) throw new RevisionConflict(key, expected, current);
        const seq = last?.seq ?? 0;
        if (seq === at) throw new Again(`"${key}" is being written`);
        at = seq;
      }
    });
  }

  /** Every message below a subject, up to the last one that the leader has: a copy that is behind is asked again. */
  async #all(streams: JetStream, subject: string): Promise<StoredMessage[]> {
    const last = await this.#stream.last(streams, subject);
    const all: StoredMessage[] = [];
    for (let seen = 0; last !== undefined && seen < last.seq; ) {
      const { messages } = await readBatch(streams, this.#stream.name, subject, seen + 1, piece);
      if (messages.length === 0) throw new Again("a copy is behind");
      all.push(...messages);
      seen = messages.at(-1)!.seq;
    }
    return all;
  }

  #keyOf(subject: string): string {
    return subject.slice(this.#subjects.length + 1);
  }

  #below(prefix: string): string {
    this.#link.checkOpen();
    if (prefix !== "") checkKey("a prefix", prefix);
    return prefix === "" ? `${this.#subjects}.>` : `${this.#subjects}.${prefix}.>`;
  }

  #check(key: string): void {
    checkKey("a key", key);
    this.#link.checkOpen();
  }
}

/** The revision of a key by its last message; 0 where that says that the key is gone. */
function revisionOf(last: LastMessage | undefined): number {
  return last === undefined || isDeletion(last.header) ? 0 : last.seq;
}
