import { Acknowledger } from "./acknowledger.js";
import { type Backoff, defaultBackoff, pause, pauseMs } from "./backoff.js";
import { controlKind, decodeServerMessage, type ServerMessage } from "./control.js";
import { ArchitechError } from "./errors.js";
import { field, record } from "./fields.js";
import { isSchemaFrame, isThinnedFrame, readFrameHeader } from "./frame.js";
import { packMessage } from "./message-pack.js";
import { errorFrom, parseRunInfo, parseWireError, type RunInfo } from "./run.js";
import type { RunRequest } from "./run-request.js";
import { type SocketConstructor, StreamConnection } from "./stream-connection.js";

/** Where the server is and how to reach it. */
export interface RunClientOptions {
  /** Address of the server with its base path: "http://127.0.0.1:8888/". */
  readonly url: string;
  readonly token?: string;
  /** Default: the global one, which Node 20 lacks. */
  readonly WebSocket?: SocketConstructor;
  readonly fetch?: typeof globalThis.fetch;
  /** Further headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly backoff?: Backoff;
}

/** How to read a run's stream. */
export interface StreamOptions {
  /** First frame wanted; the schemas of tables that began before it come first. Default 0. */
  readonly offset?: number;
  readonly signal?: AbortSignal;
  /**
   * Whether frames of the series may come as one where this reader cannot keep up with a run that goes on: with several
   * intervals as one row, of the table `thinned`, after a message of type "thinned". Default: every row comes.
   */
  readonly thin?: boolean;
  /** Called with each control message. */
  readonly onMessage?: (message: ServerMessage) => void;
}

/** How long a run that is not there yet is asked for again: a chart may be shown before its run has been posted. */
const graceMs = 5_000;

/** Of a server, or of the service behind it, that is about to be there again: what broke off is asked for once more. */
const passing: readonly string[] = ["server-unreachable", "service-unavailable", "service-timeout", "shutting-down"];

/** Talks to the runs API of a server. */
export class RunClient {
  readonly #options: RunClientOptions;
  readonly #base: URL;

  constructor(options: RunClientOptions) {
    this.#options = options;
    try {
      this.#base = new URL(options.url.endsWith("/") ? options.url : `${options.url}/`);
    } catch (cause) {
      throw new ArchitechError(
        "invalid-argument",
        `"${options.url}" is not the address of a server, as "http://127.0.0.1:8888" is`,
        { cause },
      );
    }
  }

  get url(): string {
    return this.#base.href;
  }

  /**
   * Starts a run. Sent again if no answer comes, which is safe for a request with an id. `traceparent` names the trace
   * that it is a part of, as https://www.w3.org/TR/trace-context/ has it.
   */
  async start(
    request: RunRequest,
    { traceparent }: { readonly traceparent?: string | undefined } = {},
  ): Promise<RunInfo> {
    const headers = traceparent === undefined ? {} : { traceparent };
    const tries = request.id === undefined ? 1 : 3;
    for (let attempt = 0; ; attempt++) {
      try {
        return parseRunInfo(await this.#call("POST", "api/runs", request, headers));
      } catch (error) {
        if (attempt + 1 >= tries || !(error instanceof ArchitechError) || error.code !== "server-unreachable")
          throw error;
        await pause(pauseMs(this.#options.backoff ?? defaultBackoff, attempt, Math.random()));
      }
    }
  }

  async list(): Promise<readonly RunInfo[]> {
    const runs = field(record(await this.#call("GET", "api/runs"), "the list of runs"), "runs");
    if (!Array.isArray(runs)) throw new ArchitechError("bad-message", '"runs" is a list');
    return runs.map(parseRunInfo);
  }

  async get(id: string): Promise<RunInfo> {
    return parseRunInfo(await this.#call("GET", `api/runs/${encodeURIComponent(id)}`));
  }

  async cancel(id: string): Promise<RunInfo> {
    return parseRunInfo(await this.#call("POST", `api/runs/${encodeURIComponent(id)}/cancel`));
  }

  async delete(id: string): Promise<void> {
    await this.#call("DELETE", `api/runs/${encodeURIComponent(id)}`);
  }

  /**
   * The frames of a run from an offset, live until the run is over. A dropped connection is opened again where it
   * broke off, also while no service is there. Ends with the run; throws the server's error, or `server-unreachable`.
   * `break` closes the connection.
   */
  async *stream(id: string, options: StreamOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const { offset = 0, signal, onMessage, thin = false } = options;
    const backoff = this.#options.backoff ?? defaultBackoff;
    const started = Date.now();
    const opened = new Set<number>();
    let next = offset;
    let failures = 0;
    /** Why it broke off, where somebody has said so. */
    let reason: ArchitechError | undefined;
    while (signal?.aborted !== true) {
      const connection = new StreamConnection(this.#socketConstructor(), this.#streamUrl(id, next, thin));
      const abort = (): void => connection.close();
      signal?.addEventListener("abort", abort);
      const acknowledger = new Acknowledger((seq) => connection.send({ type: "ack", seq }));
      try {
        for await (const bytes of connection) {
          if (bytes[0] === controlKind) {
            const message = decodeServerMessage(bytes);
            onMessage?.(message);
            if (message.type === "end") return;
            if (message.type === "thinned" && (!thin || message.from !== next))
              throw new ArchitechError("bad-frame", `frames from ${message.from} on come as one, and ${next} is next`);
            if (message.type === "error") {
              if (message.code === "reader-stalled") continue;
              if (!passing.includes(message.code)) throw errorFrom(message);
              reason = errorFrom(message);
            }
            continue;
          }
          const header = readFrameHeader(bytes);
          if (thin && isThinnedFrame(header) && !isSchemaFrame(header)) next = Math.max(next, header.seq);
          if (header.seq > next)
            throw new ArchitechError("bad-frame", `frame ${next} is missing: frame ${header.seq} came instead`);
          if (header.seq < next && (!isSchemaFrame(header) || opened.has(header.table))) continue;
          if (isSchemaFrame(header)) opened.add(header.table);
          if (header.seq === next) next++;
          failures = 0;
          yield bytes;
          acknowledger.taken(header.seq, bytes.byteLength);
        }
      } finally {
        signal?.removeEventListener("abort", abort);
        acknowledger.stop();
        connection.close();
      }
      if (signal?.aborted) return;
      if (connection.closed?.opened !== true) reason = await this.#explain(id, Date.now() - started < graceMs);
      if (++failures > backoff.attempts) throw reason ?? this.#unreachable();
      await pause(pauseMs(backoff, failures - 1, Math.random()), signal);
    }
  }

  /** A refused WebSocket does not say why; the same question by HTTP does. Throws what will not pass. */
  async #explain(id: string, grace: boolean): Promise<ArchitechError | undefined> {
    try {
      await this.get(id);
    } catch (error) {
      if (!(error instanceof ArchitechError)) throw error;
      if (passing.includes(error.code)) return error;
      if (!grace || error.code !== "run-not-found") throw error;
    }
    return undefined;
  }

  #streamUrl(id: string, offset: number, thin: boolean): string {
    const url = new URL(`api/runs/${encodeURIComponent(id)}/stream`, this.#base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("offset", String(offset));
    if (thin) url.searchParams.set("thin", "1");
    if (this.#options.token !== undefined) url.searchParams.set("token", this.#options.token);
    return url.href;
  }

  #socketConstructor(): SocketConstructor {
    const Socket = this.#options.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
    if (Socket === undefined)
      throw new ArchitechError(
        "invalid-argument",
        "there is no global WebSocket here: pass one as the option WebSocket",
      );
    return Socket;
  }

  async #call(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const headers: Record<string, string> = { accept: "application/json", ...this.#options.headers, ...more };
    if (this.#options.token !== undefined) headers["authorization"] = `token ${this.#options.token}`;
    if (body !== undefined) headers["content-type"] = "application/msgpack";
    const init = {
      method,
      headers,
      ...(body === undefined ? {} : { body: packMessage(body) as Uint8Array<ArrayBuffer> }),
    };
    let response: Response;
    try {
      response = await (this.#options.fetch ?? globalThis.fetch)(new URL(path, this.#base), init);
    } catch (cause) {
      throw this.#unreachable(cause);
    }
    const text = await response.text();
    const answer = text === "" ? undefined : parseJson(text);
    if (response.ok) return answer;
    throw errorOf(response.status, answer, this.#base.origin);
  }

  #unreachable(cause?: unknown): ArchitechError {
    return new ArchitechError(
      "server-unreachable",
      `no answer from ${this.#base.origin}: is the server running there?`,
      { cause },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(status: number, answer: unknown, origin: string): ArchitechError {
  try {
    return errorFrom(parseWireError(answer));
  } catch {
    const why = status === 401 || status === 403 ? " (is the token right?)" : "";
    return new ArchitechError("server-refused", `${origin} answered with status ${status}${why}`);
  }
}
