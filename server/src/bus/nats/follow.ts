import { Wakeup, waitFor } from "../wakeup.js";
import { readBatch, type StoredMessage } from "./batch.js";
import type { Link } from "./link.js";
import type { EnsuredStream } from "./streams.js";

/** Of one piece; a reader has at most one in memory. */
const piece = { batch: 256, max_bytes: 1 << 20 };
/** Of what is not there yet, though it was told of: how soon to look first, and how late at last. */
const firstLookMs = 5;
const lastLookMs = 1_000;
/** Where nothing was told of. What tells may have been lost with a server. */
const quietMs = 5_000;

/** What NATS does with each message that it has stored: it tells whoever follows the stream, without its bytes. */
export const told = (prefix: string, kind: string, name: string): { src: string; dest: string; headers_only: true } => {
  const src = `${prefix}.${kind}.${name}.>`;
  return { src, dest: toldOf(src), headers_only: true };
};

/** Where it is told of a message of a subject. */
export function toldOf(subject: string): string {
  const [prefix, ...names] = subject.split(".");
  return [prefix, "t", ...names].join(".");
}

/**
 * Messages of a subject from a sequence on, those there are and those to come, in pieces and in step with the reader. It
 * keeps nothing on the server: whoever has a copy answers, and when that one dies another does. A piece without messages
 * says that nothing more is there at the moment.
 *
 * NATS tells of each message once it is stored, with its sequence: so what is new is asked for once, nothing is asked
 * while nothing is new, and a copy that is behind is asked again.
 */
export async function* follow(
  link: Link,
  stream: EnsuredStream,
  { subject, from, signal }: { subject: string; from: number; signal: AbortSignal | undefined },
): AsyncGenerator<StoredMessage[], void, undefined> {
  const wakeup = new Wakeup();
  let next = from;
  /** The highest sequence that was told of; infinite where it was not said what is new. */
  let expected = 0;
  let looks = 0;
  const woken = (): void => {
    looks = 0;
    wakeup.wake();
  };
  const isOver = (): boolean => signal?.aborted === true || link.closing.aborted;
  await stream.ensure(`to read ${subject}`);
  const nc = await link.connection();
  // What is new while a server of a cluster does not know of this reader, or while there is no connection, nobody tells.
  const unsure = (): void => {
    expected = nc?.info?.cluster === undefined ? expected : Infinity;
    woken();
  };
  const forget = link.onConnected(unsure);
  unsure();
  const subscription = nc?.subscribe(toldOf(subject), {
    callback: (_, { headers }) => {
      const seq = Number(headers?.get("Nats-Sequence") || Infinity);
      if (seq < next) return;
      expected = Math.max(expected, seq);
      woken();
    },
  });
  link.closing.addEventListener("abort", woken);
  try {
    while (!isOver()) {
      const changed = wakeup.next;
      const { messages, pending } = await link
        .patiently(`to read ${subject}`, (streams) => readBatch(streams, stream.name, subject, next, piece))
        .catch((error) => {
          if (isOver()) return { messages: [], pending: 0 };
          throw error;
        });
      if (isOver()) return;
      if (messages.length > 0) next = messages.at(-1)!.seq + 1;
      yield [...messages];
      if (pending > 0) continue;
      const waitMs = expected < next ? quietMs : Math.min(lastLookMs, firstLookMs * 2 ** looks++);
      // What was told of does not come: it is gone, or was written over.
      if (waitMs === lastLookMs) expected = 0;
      await waitFor(changed, signal, waitMs);
    }
  } finally {
    forget();
    link.closing.removeEventListener("abort", woken);
    if (nc?.isClosed() === false) subscription?.unsubscribe();
  }
}
