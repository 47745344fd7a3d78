import type { IncomingMessage } from "node:http";
import {
  ArchitechError,
  decodeClientMessage,
  encodeControl,
  readFrameHeader,
  type ServerMessage,
} from "@architech/protocol";
import type { RunHost } from "architech/host";
import type { WebSocket } from "ws";
import { closeWithError } from "../http/close-codes.js";
import { toArchitechError } from "../http/errors.js";
import { Window } from "./window.js";

/** Limits of one reader of a stream. */
export interface StreamLimits {
  /** Bytes sent ahead of what the reader has acknowledged. Default 1 MiB. */
  readonly windowBytes?: number;
  /** How long a reader may take to acknowledge anything while its window is full; then it is disconnected. Default one minute. */
  readonly stallMs?: number;
}

/** Progress is dropped, not queued, for a reader that has so much to read still. */
const progressBacklog = 64 << 10;

/**
 * Serves `GET /api/runs/:id/stream?offset=N` to a WebSocket: control messages and the run's frames from the offset,
 * live, no further ahead of the reader's acknowledgements than the window. What goes wrong is told in a control message
 * of type "error" before the socket is closed.
 */
export function runsSocket(
  service: RunHost,
  limits: StreamLimits = {},
): (socket: WebSocket, request: IncomingMessage) => void {
  return (socket, request) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const id = decodeURIComponent(/\/api\/runs\/([^/]+)\/stream$/.exec(url.pathname)?.[1] ?? "");
    void new RunStream(service, socket, id, limits).serve(url.searchParams.get("offset") ?? "0");
  };
}

class RunStream {
  readonly #service: RunHost;
  readonly #socket: WebSocket;
  readonly #id: string;
  readonly #window: Window;
  readonly #stallMs: number;
  readonly #closed = new AbortController();

  constructor(
    service: RunHost,
    socket: WebSocket,
    id: string,
    { windowBytes = 1 << 20, stallMs = 60_000 }: StreamLimits,
  ) {
    this.#service = service;
    this.#socket = socket;
    this.#id = id;
    this.#window = new Window(windowBytes);
    this.#stallMs = stallMs;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed.abort();
      this.#window.interrupt();
    });
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#hear(data, isBinary));
  }

  async serve(offsetText: string): Promise<void> {
    let stopProgress = (): void => {};
    try {
      const offset = parseOffset(offsetText);
      const { state, frames } = await this.#service.info(this.#id);
      this.#send({ type: "opened", run: this.#id, state, next: frames, tables: await this.#service.tables(this.#id) });
      stopProgress = this.#service.onProgress(this.#id, (progress) => {
        if (this.#socket.bufferedAmount < progressBacklog) this.#send(progress);
      });
      for await (const frame of this.#service.frames(this.#id, offset, this.#closed.signal)) {
        await this.#room(frame.byteLength);
        if (this.#closed.signal.aborted) return;
        this.#window.sent(readFrameHeader(frame).seq, frame.byteLength);
        this.#socket.send(frame);
      }
      const end = await this.#service.ended(this.#id);
      stopProgress();
      this.#send({
        type: "end",
        state: end.state,
        ...(end.error === undefined ? {} : { error: end.error.toJSON() }),
        ...(end.parts === undefined ? {} : { parts: end.parts }),
      });
      this.#socket.close(1000);
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      stopProgress();
    }
  }

  /** Waits until the window has room. Throws `reader-stalled` when the reader acknowledges nothing for too long. */
  async #room(bytes: number): Promise<void> {
    while (!this.#window.hasRoom(bytes) && !this.#closed.signal.aborted) {
      let isStalled = false;
      const timer = setTimeout(() => {
        isStalled = true;
        this.#window.interrupt();
      }, this.#stallMs);
      await this.#window.changed();
      clearTimeout(timer);
      if (isStalled)
        throw new ArchitechError(
          "reader-stalled",
          `nothing was acknowledged for ${this.#stallMs / 1000} s: connect again with the offset of the next frame`,
        );
    }
  }

  #hear(data: Buffer, isBinary: boolean): void {
    try {
      if (!isBinary) throw new ArchitechError("bad-message", "messages on a run's stream are binary");
      const message = decodeClientMessage(data);
      if (message.type === "ack") this.#window.acknowledge(message.seq);
      else this.#service.cancel(this.#id).catch((thrown: unknown) => this.#fail(thrown));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #send(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(encodeControl(message));
  }

  #fail(thrown: unknown): void {
    if (this.#closed.signal.aborted) return;
    const { code, message } = toArchitechError(thrown);
    this.#send({ type: "error", code, message });
    closeWithError(this.#socket, thrown);
    // A peer that reads nothing will not answer the closing either.
    if (code === "reader-stalled") this.#socket.terminate();
    this.#closed.abort();
    this.#window.interrupt();
  }
}

function parseOffset(text: string): number {
  const offset = Number(text);
  if (!/^\d{1,10}$/.test(text) || offset > 0xffff_ffff)
    throw new ArchitechError(
      "invalid-argument",
      `the offset is the number of a frame from 0, not "${text.slice(0, 40)}"`,
      { path: ["offset"] },
    );
  return offset;
}
