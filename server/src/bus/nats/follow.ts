import { Wakeup, waitFor } from "../wakeup.js";
import { readBatch, type StoredMessage } from "./batch.js";
import type { Link } from "./link.js";
import type { EnsuredStream } from "./streams.js";

/** Of one piece; a reader has at most one in memory. */
const piece = { batch: 256, max_bytes: 1 << 20 };
const firstLookMs = 20;
const lastLookMs = 1_000;

/**
 * Messages of a subject from a sequence on, those there are and those to come, in pieces and in step with the reader. It
 * keeps nothing on the server: whoever has a copy answers, and when that one dies another does. A piece without messages
 * says that nothing more is there at the moment.
 */
export async function* follow(
  link: Link,
  stream: EnsuredStream,
  { subject, from, wake, signal }: { subject: string; from: number; wake: string; signal: AbortSignal | undefined },
): AsyncGenerator<StoredMessage[], void, undefined> {
  const wakeup = new Wakeup();
  let idle = 0;
  const woken = (): void => {
    idle = 0;
    wakeup.wake();
  };
  const isOver = (): boolean => signal?.aborted === true || link.closing.aborted;
  await stream.ensure(`to read ${subject}`);
  const nc = await link.connection();
  const subscription = nc?.subscribe(wake, { callback: woken });
  link.closing.addEventListener("abort", woken);
  try {
    for (let next = from; !isOver(); ) {
      const changed = wakeup.next;
      const messages = await link
        .patiently(`to read ${subject}`, ({ nc }) => readBatch(nc, stream.name, subject, next, piece))
        .catch((error) => {
          if (isOver()) return [];
          throw error;
        });
      if (isOver()) return;
      yield messages;
      if (messages.length > 0) {
        next = messages.at(-1)!.seq + 1;
        idle = 0;
      }
      // A copy may be a moment behind the one that acknowledged, and a wake may be lost: look again, ever more seldom.
      else await waitFor(changed, signal, Math.min(lastLookMs, firstLookMs * 2 ** idle++));
    }
  } finally {
    link.closing.removeEventListener("abort", woken);
    if (nc?.isClosed() === false) subscription?.unsubscribe();
  }
}
