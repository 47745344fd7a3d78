import { createRequire } from "node:module";
import {
  errorFrom,
  isFinal,
  type Progress,
  RunClient,
  type RunClientOptions,
  type SocketConstructor,
} from "@architech/protocol";
import type { FinalState, RunEnd, Runs, SimulationRequest, StartedRun } from "../experiment/stream-source.js";
import { failure } from "./local-runs.js";
import { newRunId } from "./run-service.js";
import { currentTrace } from "./trace.js";

const require = createRequire(import.meta.url);

/** An offset behind every frame: a stream from here carries only what is said of the run. */
const noFrames = 0xffff_ffff;

/** Runs on a server. A dropped connection is opened again; the run goes on whatever becomes of this process. */
export class RemoteRuns implements Runs {
  readonly client: RunClient;
  readonly #token: string | undefined;

  constructor(options: RunClientOptions) {
    this.client = new RunClient({
      ...options,
      // Loaded for the first stream: loading it takes longer than a small run in this process.
      get WebSocket() {
        return options.WebSocket ?? ((require("ws") as typeof import("ws")).WebSocket as unknown as SocketConstructor);
      },
    });
    this.#token = options.token;
  }

  start(request: SimulationRequest): StartedRun {
    const id = request.id ?? newRunId();
    const posted = this.client.start({ ...request, id }, { traceparent: currentTrace() });
    const listeners = new Set<(progress: Progress) => void>();
    const ended = posted.then(() => this.#follow(id, listeners)).catch(failure);
    const { client } = this;
    return {
      ended,
      source: {
        run: id,
        server: { url: client.url, ...(this.#token === undefined ? {} : { token: this.#token }) },
        done: ended.then(({ state }) => state),
        async *frames(offset = 0, signal?: AbortSignal) {
          if (
            await posted.then(
              () => true,
              () => false,
            )
          )
            yield* client.stream(id, { offset, ...(signal === undefined ? {} : { signal }) });
        },
      },
      cancel() {
        void posted.then(() => client.cancel(id)).catch(() => {});
      },
      onProgress(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
  }

  async #follow(id: string, listeners: ReadonlySet<(progress: Progress) => void>): Promise<RunEnd> {
    let end: RunEnd | undefined;
    const stream = this.client.stream(id, {
      offset: noFrames,
      onMessage(message) {
        if (message.type === "progress") for (const listener of listeners) listener(message);
        if (message.type === "end" && isFinal(message.state))
          end = {
            state: message.state as FinalState,
            ...(message.error === undefined ? {} : { error: errorFrom(message.error) }),
            ...(message.parts === undefined ? {} : { parts: message.parts }),
          };
      },
    });
    for await (const _ of stream) void _;
    return end ?? { state: "failed" };
  }
}
