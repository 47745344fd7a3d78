import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { ArchitechError } from "@architech/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { type Log, silentLog } from "../log.js";
import type { Metrics } from "../metrics/metrics.js";
import type { Gate } from "../security/gate.js";
import { closeWithError, goingAway } from "./close-codes.js";
import { retryAfter, statusOf, toArchitechError } from "./errors.js";
import { idsOf, requestId } from "./request-id.js";

/** What a WebSocket was opened with. */
export interface SocketRequest {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
}

/** A WebSocket endpoint below the base URL. */
export interface SocketRoute {
  /** Its groups become `params`, decoded. */
  readonly path: RegExp;
  /** Those it speaks, the best first; a client that offers none of them gets none. */
  readonly subprotocols?: readonly string[];
  /** Throws, or rejects, when there is nothing to connect to; the handshake is then refused with that error. */
  check?(params: readonly string[], request: IncomingMessage): unknown;
  connect(socket: WebSocket, request: SocketRequest): void;
}

/** A WebSocket endpoint that another process serves: its bytes are led there as they are. */
export interface TunnelRoute {
  readonly path: RegExp;
  /** Throws, or rejects, when it leads nowhere; the handshake is then refused with that error. */
  tunnel(request: IncomingMessage, stream: Duplex, head: Buffer, params: readonly string[]): Promise<void>;
}

/** Limits of every WebSocket. */
export interface SocketOptions {
  /** The largest message taken, in bytes; a larger one closes its socket with 1009. */
  readonly messageLimit: number;
  /** How often a silent connection is probed; one that does not answer until the next probe is ended. */
  readonly pingMs: number;
  /** Throws, or rejects, when no further WebSocket is taken of whoever asks. */
  admit?(request: IncomingMessage): Promise<void>;
  /** Is told what came of each handshake. */
  readonly log?: Log;
}

/** Leads each WebSocket handshake through the gate to its route. */
export class Sockets {
  readonly #routes: (SocketRoute | TunnelRoute)[] = [];
  readonly #log: Log;
  readonly #admit: (request: IncomingMessage) => Promise<void>;
  readonly #gate: Gate;
  readonly #baseUrl: string;
  readonly #server: WebSocketServer;
  readonly #pings: NodeJS.Timeout;
  /** How many are open, by the last name of their paths. */
  readonly #open = new Map<string, number>();
  readonly #offers = new WeakMap<IncomingMessage, SocketRoute>();

  constructor(gate: Gate, baseUrl: string, options: SocketOptions) {
    this.#gate = gate;
    this.#baseUrl = baseUrl;
    this.#log = options.log ?? silentLog;
    this.#admit = options.admit ?? (async () => {});
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: options.messageLimit,
      perMessageDeflate: false,
      handleProtocols: (offered, request) => {
        const route = this.#offers.get(request);
        return route?.subprotocols?.find((name) => offered.has(name)) ?? false;
      },
    });
    this.#pings = setInterval(() => this.#probe(), options.pingMs);
    this.#pings.unref();
  }

  add(...routes: (SocketRoute | TunnelRoute)[]): void {
    this.#routes.push(...routes);
    for (const route of routes) this.#open.set(kindOf(route), 0);
  }

  /** Shows how many are open, of channels of kernels, streams of runs and the like. */
  measure(metrics: Metrics): void {
    metrics.gauge("architech_sockets", "WebSockets that are open, by what they carry.", ["kind"], async () =>
      [...this.#open].map(([kind, value]) => ({ labels: { kind }, value })),
    );
  }

  /** Handles an `upgrade` event of the HTTP server. */
  async upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on("error", () => stream.destroy());
    const id = requestId(request);
    try {
      const url = new URL(request.url ?? "/", "http://localhost");
      this.#gate.admitSocket(request, url);
      await this.#admit(request);
      const { route, params } = this.#find(url.pathname);
      const took = (): void =>
        this.#log.info(`GET ${url.pathname} 101`, { ...idsOf(request), path: url.pathname, status: 101 });
      if ("tunnel" in route) {
        took();
        this.#count(route, stream);
        await route.tunnel(request, stream, head, params);
        return;
      }
      await route.check?.(params, request);
      this.#offers.set(request, route);
      this.#server.handleUpgrade(request, stream, head, (socket) => {
        took();
        alive.set(socket, true);
        this.#count(route, socket);
        socket.on("pong", () => alive.set(socket, true));
        // A frame that breaks the protocol closes this socket, with the code that ws chose; nothing else is touched.
        socket.on("error", () => undefined);
        // The handshake is over: whatever goes wrong now is told as a socket tells it.
        try {
          route.connect(socket, { params, query: url.searchParams, request });
        } catch (error) {
          closeWithError(socket, error);
        }
      });
    } catch (thrown) {
      const { code } = toArchitechError(thrown);
      const path = (request.url ?? "/").replace(/\?.*/s, "");
      this.#log.info(`GET ${path} ${statusOf(code)}`, { ...idsOf(request), path, status: statusOf(code), code });
      refuse(stream, thrown, id);
    }
  }

  /** Tells every client that the server goes away. */
  close(): void {
    clearInterval(this.#pings);
    for (const socket of this.#server.clients) socket.close(goingAway.code, goingAway.reason);
    this.#server.close();
  }

  /** Ends the connections that did not close when told. */
  terminate(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  #find(pathname: string): { route: SocketRoute | TunnelRoute; params: string[] } {
    const path = pathname.startsWith(this.#baseUrl) ? `/${pathname.slice(this.#baseUrl.length)}` : pathname;
    for (const route of this.#routes) {
      const match = route.path.exec(path);
      if (match !== null) return { route, params: match.slice(1).map((group) => decodeURIComponent(group ?? "")) };
    }
    throw new ArchitechError("not-found", `no WebSocket at ${pathname}`);
  }

  #count(route: SocketRoute | TunnelRoute, socket: { once(event: "close", then: () => void): unknown }): void {
    const kind = kindOf(route);
    const add = (change: number): unknown => this.#open.set(kind, (this.#open.get(kind) ?? 0) + change);
    add(1);
    socket.once("close", () => add(-1));
  }

  #probe(): void {
    for (const socket of this.#server.clients) {
      if (alive.get(socket) === false) socket.terminate();
      alive.set(socket, false);
      socket.ping();
    }
  }
}

/** What a WebSocket carries: the last name of its path. */
function kindOf({ path }: SocketRoute | TunnelRoute): string {
  return /(\w+)\$$/.exec(path.source)?.[1] ?? "other";
}

const alive = new WeakMap<WebSocket, boolean>();

/** Answers a handshake with an error, as a request is answered. */
export function refuse(stream: Duplex, thrown: unknown, id: string): void {
  const error = toArchitechError(thrown);
  const body = JSON.stringify({ ...error.toJSON(), reason: error.code });
  const seconds = retryAfter(error);
  const head = [
    `HTTP/1.1 ${statusOf(error.code)} Refused`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    ...(seconds === undefined ? [] : [`Retry-After: ${seconds}`]),
    "Connection: close",
  ];
  stream.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
