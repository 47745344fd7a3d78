import type { Progress, RunClient, ServerMessage } from "@architech/protocol";
import type { RunOutcome, RunStream } from "./run-stream.js";

/** Runs of the server that the page comes from. */
export class ServerStreams {
  readonly #client: RunClient;

  constructor(client: RunClient) {
    this.#client = client;
  }

  open(run: string): RunStream {
    const client = this.#client;
    return {
      frames: (signal, onProgress) => read(client, run, signal, onProgress),
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
  onProgress: (progress: Progress) => void,
): AsyncGenerator<Uint8Array, RunOutcome, undefined> {
  let outcome: RunOutcome = { state: "done" };
  const onMessage = (message: ServerMessage): void => {
    if (message.type === "progress") onProgress(message);
    if (message.type !== "end") return;
    const state = message.state === "failed" || message.state === "cancelled" ? message.state : "done";
    outcome = { state, ...(message.error === undefined ? {} : { error: message.error }) };
  };
  yield* client.stream(run, { signal, onMessage });
  return outcome;
}
