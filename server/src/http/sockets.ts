import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { ArchitechError } from "@architech/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { Gate } from "../security/gate.js";
import { statusOf, toArchitechError } from "./errors.js";

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
  check?(params: readonly string[]): unknown;
  connect(socket: WebSocket, request: SocketRequest): void;
}

/** Limits of every WebSocket. */
export interface SocketOptions {
  /** The largest message taken, in bytes; a larger one closes its socket with 1009. */
  readonly messageLimit: number;
  /** How often a silent connection is probed; one that does not answer until the next probe is ended. */
  readonly pingMs: number;
}

/** Leads each WebSocket handshake through the gate to its route. */
export class Sockets {
  readonly #routes: SocketRoute[] = [];
  readonly #gate: Gate;
  readonly #baseUrl: string;
  readonly #server: WebSocketServer;
  readonly #pings: NodeJS.Timeout;
  readonly #offers = new WeakMap<IncomingMessage, SocketRoute>();

  constructor(gate: Gate, baseUrl: string, options: SocketOptions) {
    this.#gate = gate;
    this.#baseUrl = baseUrl;
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

  add(...routes: SocketRoute[]): void {
    this.#routes.push(...routes);
  }

  /** Handles an `upgrade` event of the HTTP server. */
  async upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on("error", () => stream.destroy());
    try {
      const url = new URL(request.url ?? "/", "http://localhost");
      this.#gate.admitSocket(request, url);
      const { route, params } = this.#find(url.pathname);
      await route.check?.(params);
      this.#offers.set(request, route);
      this.#server.handleUpgrade(request, stream, head, (socket) => {
        alive.set(socket, true);
        socket.on("pong", () => alive.set(socket, true));
        // A frame that breaks the protocol closes this socket, with the code that ws chose; nothing else is touched.
        socket.on("error", () => undefined);
        route.connect(socket, { params, query: url.searchParams, request });
      });
    } catch (thrown) {
      refuse(stream, thrown);
    }
  }

  /** Tells every client that the server goes away. */
  close(): void {
    clearInterval(this.#pings);
    for (const socket of this.#server.clients) socket.close(1001, "the server is closing");
    this.#server.close();
  }

  /** Ends the connections that did not close when told. */
  terminate(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  #find(pathname: string): { route: SocketRoute; params: string[] } {
    const path = pathname.startsWith(this.#baseUrl) ? `/${pathname.slice(this.#baseUrl.length)}` : pathname;
    for (const route of this.#routes) {
      const match = route.path.exec(path);
      if (match !== null) return { route, params: match.slice(1).map((group) => decodeURIComponent(group ?? "")) };
    }
    throw new ArchitechError("not-found", `no WebSocket at ${pathname}`);
  }

  #probe(): void {
    for (const socket of this.#server.clients) {
      if (alive.get(socket) === false) socket.terminate();
      alive.set(socket, false);
      socket.ping();
    }
  }
}

const alive = new WeakMap<WebSocket, boolean>();

function refuse(stream: Duplex, thrown: unknown): void {
  const error = toArchitechError(thrown);
  const status = statusOf(error.code);
  const body = JSON.stringify({ ...error.toJSON(), reason: error.code });
  stream.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
