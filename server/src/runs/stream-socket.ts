import type { IncomingMessage } from "node:http";
import { ArchitechError, decodeClientMessage, encodeControl, type ServerMessage } from "@architech/protocol";
import type { RunHost } from "architech/host";
import type { WebSocket } from "ws";
import { closeWithError } from "../http/close-codes.js";
import { toArchitechError } from "../http/errors.js";
import { Outflow } from "./outflow.js";
import { type OwnRuns, ownRuns } from "./own-runs.js";
import { Pace } from "./pace.js";
import type { RunFeed } from "./run-feed.js";
import { RunFeeds } from "./run-feeds.js";
import { parseStreamQuery, type StreamQuery } from "./stream-query.js";
import { Thinning } from "./thinning.js";

/** Limits of the streams of runs. */
export interface StreamLimits {
  /** Bytes sent ahead of what a reader has acknowledged. Default 1 MiB. */
  readonly windowBytes?: number;
  /** How long a reader may acknowledge nothing while its window is full; then it is disconnected. Default one minute. */
  readonly stallMs?: number;
  /** Bytes of all runs that are kept for readers who are a little behind. Default 32 MiB. */
  readonly cacheBytes?: number;
  /** How far a reader that asks for it may be behind a run that goes on before its series is thinned. Default 4 MiB. */
  readonly behindBytes?: number;
}

/** Progress is dropped, not queued, for a reader that has so much to read still. */
const progressBacklog = 64 << 10;

/** Bytes sent in one turn of the event loop, so that what else there is to do has its turn too. */
const turnBytes = 8 << 20;

/** The readers of runs, on WebSockets. */
export interface RunsSocket {
  /**
   * Serves `GET /api/runs/:id/stream?offset=N&thin=1` to a WebSocket: control messages and the run's frames from the
   * offset, live, no further ahead of the reader's acknowledgements than the window. What goes wrong is told in a control
   * message of type "error" before the socket is closed.
   */
  serve(socket: WebSocket, request: IncomingMessage, user: string): void;
  /** Bytes that are kept for readers who are a little behind. */
  readonly cachedBytes: number;
}

/** Serves the streams of runs: all readers of one share what is read of its log. */
export function runsSocket(host: RunHost, limits: StreamLimits = {}): RunsSocket {
  const { windowBytes = 1 << 20, stallMs = 60_000, cacheBytes = 32 << 20, behindBytes = 4 << 20 } = limits;
  const feeds = new RunFeeds(host, cacheBytes);
  const pace = new Pace(turnBytes);
  return {
    serve(socket, request, user) {
      const closed = new AbortController();
      const outflow = new Outflow(socket, request.socket, { windowBytes, stallMs, pace, closed: closed.signal });
      const url = new URL(request.url ?? "/", "http://localhost");
      const id = decodeURIComponent(/\/api\/runs\/([^/]+)\/stream$/.exec(url.pathname)?.[1] ?? "");
      void new RunStream({ runs: ownRuns(host, user), feeds, id, socket, outflow, closed, behindBytes }).serve(
        url.searchParams,
      );
    },
    get cachedBytes() {
      return feeds.cachedBytes;
    },
  };
}

interface RunStreamOptions {
  readonly runs: OwnRuns;
  readonly feeds: RunFeeds;
  readonly id: string;
  readonly socket: WebSocket;
  readonly outflow: Outflow;
  readonly closed: AbortController;
  readonly behindBytes: number;
}

class RunStream {
  readonly #of: RunStreamOptions;

  constructor(options: RunStreamOptions) {
    this.#of = options;
    const { socket, closed } = options;
    socket.on("error", () => {});
    socket.on("close", () => closed.abort());
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#hear(data, isBinary));
  }

  async serve(search: URLSearchParams): Promise<void> {
    const { runs, feeds, id, socket } = this.#of;
    try {
      const query = parseStreamQuery(search);
      await feeds.with(await runs.info(id), (feed) => this.#send(feed, query));
      if (this.#of.closed.signal.aborted) return;
      const { state, error, parts } = await runs.ended(id);
      this.#tell({
        type: "end",
        state,
        ...(error === undefined ? {} : { error: error.toJSON() }),
        ...(parts === undefined ? {} : { parts }),
      });
      socket.close(1000);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Sends what there is of the run and what comes, until it is over. */
  async #send(feed: RunFeed, { offset, thin }: StreamQuery): Promise<void> {
    const { id, socket, outflow, closed, behindBytes } = this.#of;
    const { info, tables } = await feed.glance();
    this.#tell({ type: "opened", run: id, state: info.state, next: info.frames, tables });
    const stopProgress = feed.onProgress((progress) => {
      if (socket.readyState === socket.OPEN && socket.bufferedAmount < progressBacklog) socket.send(progress);
    });
    const thinning = thin ? new Thinning(feed, behindBytes) : undefined;
    try {
      for await (const piece of feed.read(offset, closed.signal)) {
        await outflow.send((await thinning?.of(piece, outflow.takeWaited())) ?? piece);
        if (closed.signal.aborted) return;
      }
    } finally {
      stopProgress();
    }
  }

  #hear(data: Buffer, isBinary: boolean): void {
    const { runs, id, outflow } = this.#of;
    try {
      if (!isBinary) throw new ArchitechError("bad-message", "messages on a run's stream are binary");
      const message = decodeClientMessage(data);
      if (message.type === "ack") outflow.acknowledge(message.seq);
      else runs.cancel(id).catch((thrown: unknown) => this.#fail(thrown));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #tell(message: ServerMessage): void {
    const { socket } = this.#of;
    if (socket.readyState === socket.OPEN) socket.send(encodeControl(message));
  }

  #fail(thrown: unknown): void {
    const { socket, closed } = this.#of;
    if (closed.signal.aborted) return;
    const { code, message } = toArchitechError(thrown);
    this.#tell({ type: "error", code, message });
    closeWithError(socket, thrown);
    // A peer that reads nothing will not answer the closing either.
    if (code === "reader-stalled") socket.terminate();
    closed.abort();
  }
}
