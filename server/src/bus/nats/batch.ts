import type { Msg, MsgHdrs } from "@nats-io/transport-node";
import type { JetStream } from "./link.js";
import { Again } from "./transient.js";

/** A message of a stream. */
export interface StoredMessage {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
  /** Whether it says that a key has been deleted, or has come to its time. */
  readonly deleted: boolean;
}

/** Of our own deletions; the server marks those by age itself. */
export const deletedHeader = "Architech-Deleted";
const ageHeader = "Nats-Marker-Reason";
const silenceMs = 2_000;

/** Some messages of a stream, one after the other. */
export interface Batch {
  readonly messages: readonly StoredMessage[];
  /** How many more there were behind the last of them, where it was read. */
  readonly pending: number;
}

/**
 * Messages of a subject from a sequence on, as many as a piece holds, from any server that has a copy. Throws what is
 * worth another try when that server falls silent before the end of the piece.
 */
export async function readBatch(
  { nc, replies }: JetStream,
  stream: string,
  subject: string,
  seq: number,
  limits: { readonly batch: number; readonly max_bytes: number },
): Promise<Batch> {
  const messages: StoredMessage[] = [];
  let pending = 0;
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      clearTimeout(silence);
      reply.close();
      // What came is good; the rest is asked for again.
      if (error === undefined || messages.length > 0) resolve({ messages, pending });
      else reject(error);
    };
    const timedOut = (): void => end(new Again(`${stream} is silent`));
    const reply = replies.open((error, message) => {
      const code = message.headers?.code ?? 0;
      if (error !== null) end(error);
      else if (code === 404 || code === 204) end();
      else if (code !== 0 || message.headers === undefined)
        end(new Again(`${stream} answers ${code} ${message.headers?.description ?? ""}`));
      else {
        messages.push(storedOf(message));
        pending = Number(message.headers.get("Nats-Num-Pending"));
        silence.refresh();
      }
    });
    const silence = setTimeout(timedOut, silenceMs);
    try {
      nc.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ seq, next_by_subj: subject, ...limits }), {
        reply: reply.subject,
      });
    } catch (error) {
      // A connection that is closed refuses.
      end(error as Error);
    }
  });
}

function storedOf({ headers, data }: Msg): StoredMessage {
  return {
    subject: headers?.get("Nats-Subject") ?? "",
    seq: Number(headers?.get("Nats-Sequence")),
    data,
    deleted: isDeletion(headers),
  };
}

/** Whether a message says that its key has been deleted, or has come to its time. */
export function isDeletion(headers: MsgHdrs | undefined): boolean {
  return headers?.has(deletedHeader) === true || headers?.has(ageHeader) === true;
}
