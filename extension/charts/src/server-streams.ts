import type { RunClient, ServerMessage } from "@architech/protocol";
import type { RunNews, RunOutcome, RunStream } from "./run-stream.js";

/** Runs of the server that the page comes from. */
export class ServerStreams {
  readonly #client: RunClient;

  constructor(client: RunClient) {
    this.#client = client;
  }

  open(run: string): RunStream {
    const client = this.#client;
    return {
      frames: (signal, onNews) => read(client, run, signal, onNews),
      cancel: async () => {
        await client.cancel(run);
      },
    };
  }
}

async function* read(
  client: RunClient,
  run: string,
  signal: AbortSignal,
  onNews: (news: RunNews) => void,
): AsyncGenerator<Uint8Array, RunOutcome, undefined> {
  let outcome: RunOutcome = { state: "done" };
  const onMessage = (message: ServerMessage): void => {
    if (message.type === "progress" || message.type === "thinned") onNews(message);
    if (message.type !== "end") return;
    const state = message.state === "failed" || message.state === "cancelled" ? message.state : "done";
    outcome = { state, ...(message.error === undefined ? {} : { error: message.error }) };
  };
  yield* client.stream(run, { signal, onMessage, thin: true });
  return outcome;
}
