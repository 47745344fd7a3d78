import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from "@nats-io/transport-node";
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

/**
 * Messages of a subject from a sequence on, as many as a piece holds, from any server that has a copy. Throws what is
 * worth another try when that server falls silent before the end of the piece.
 */
export async function readBatch(
  nc: NatsConnection,
  stream: string,
  subject: string,
  seq: number,
  limits: { readonly batch: number; readonly max_bytes: number },
): Promise<StoredMessage[]> {
  const inbox = createInbox();
  const messages: StoredMessage[] = [];
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      clearTimeout(silence);
      if (!nc.isClosed()) sub.unsubscribe();
      if (error === undefined || messages.length > 0) resolve(messages);
      else reject(error);
    };
    const timedOut = (): void => end(new Again(`${stream} is silent`));
    // A connection that is closed refuses to subscribe: nothing may be under way before.
    const sub = nc.subscribe(inbox, {
      callback: (error, message) => {
        const code = message.headers?.code ?? 0;
        if (error !== null) end(error);
        else if (code === 404 || code === 204) end();
        else if (code !== 0 || message.headers === undefined)
          end(new Again(`${stream} answers ${code} ${message.headers?.description ?? ""}`));
        else {
          messages.push(storedOf(message));
          clearTimeout(silence);
          silence = setTimeout(timedOut, silenceMs);
        }
      },
    });
    let silence = setTimeout(timedOut, silenceMs);
    nc.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ seq, next_by_subj: subject, ...limits }), {
      reply: inbox,
    });
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
