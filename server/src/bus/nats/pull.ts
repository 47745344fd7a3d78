import { createInbox, type Msg, type NatsConnection } from "@nats-io/transport-node";

/** What a pull asks of a consumer; times in nanoseconds, as NATS has them. */
export interface PullRequest {
  readonly batch: number;
  readonly no_wait?: boolean;
  readonly expires?: number;
  readonly idle_heartbeat?: number;
}

/** How a pull ended: with all that was asked for, with what there was, or without a word. */
export type PullEnd = "complete" | "empty" | "failed";

const noMessages = 404;
const expired = 408;
const heartbeat = 100;

/**
 * Asks a consumer for messages, and gives each as it comes. The client's own `fetch` cannot ask for what is there at this
 * moment and no more, and notices a dead server only after many seconds.
 */
export async function pull(
  nc: NatsConnection,
  consumer: string,
  request: PullRequest,
  { silenceMs, onMessage }: { silenceMs: number; onMessage: (message: Msg) => void },
): Promise<PullEnd> {
  const inbox = createInbox();
  if (nc.isClosed() || nc.isDraining()) return "failed";
  return new Promise((resolve) => {
    let count = 0;
    const end = (how: PullEnd): void => {
      clearTimeout(silence);
      if (!nc.isClosed()) sub.unsubscribe();
      resolve(how);
    };
    const watch = (): NodeJS.Timeout => setTimeout(() => end("failed"), silenceMs);
    const sub = nc.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) return end("failed");
        clearTimeout(silence);
        silence = watch();
        // A status has no bytes, and is not sent on a subject that can be acknowledged.
        const code = message.reply?.startsWith("$JS.ACK.") === true ? 0 : (message.headers?.code ?? 0);
        if (code === heartbeat) return;
        if (code === noMessages || code === expired) return end("empty");
        if (code !== 0) return end("failed");
        onMessage(message);
        if (++count === request.batch) end("complete");
      },
    });
    let silence = watch();
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${consumer}`, JSON.stringify(request), { reply: inbox });
  });
}
