import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunClient, type RunRequest, type SocketConstructor } from "@architech/protocol";
import { oneService } from "@architech/test-tools";
import { localUser, RunService, type RunServiceOptions } from "architech/host";
import express, { type NextFunction, type Request, type Response } from "express";
import { WebSocket, WebSocketServer } from "ws";
import { errorHandler } from "#src/http/errors.js";
import { silentLog } from "#src/log.js";
import { runsRoutes } from "#src/runs/routes.js";
import { type RunsSocket, runsSocket, type StreamLimits } from "#src/runs/stream-socket.js";

/** The runs API alone on a loopback port, without the gate that stands before it in a whole server. */
export class RunsHost {
  readonly url: string;
  readonly folder: string;
  readonly client: RunClient;
  service: RunService;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;

  private constructor(http: Server, sockets: WebSocketServer, folder: string, service: RunService) {
    this.#http = http;
    this.#sockets = sockets;
    this.folder = folder;
    this.service = service;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
    this.client = new RunClient({
      url: this.url,
      WebSocket: WebSocket as unknown as SocketConstructor,
      backoff: { firstMs: 1, capMs: 20, attempts: 50 },
    });
  }

  static async start(options: Partial<RunServiceOptions> = {}, limits: StreamLimits = {}): Promise<RunsHost> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "architech-test-")));
    const service = await RunService.open({ workers: 2, ...options, folder });
    const app = express();
    const http = createServer(app);
    const sockets = new WebSocketServer({ server: http, maxPayload: 1 << 20 });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const host = new RunsHost(http, sockets, folder, service);
    // A host that is started anew has another service.
    let serving: { service: RunService; readers: RunsSocket } | undefined;
    const readers = (): RunsSocket => {
      if (serving?.service !== host.service)
        serving = { service: host.service, readers: runsSocket(host.service, limits) };
      return serving.readers;
    };
    app.use(
      (request: Request, response: Response, next: NextFunction) => runsRoutes(host.service)(request, response, next),
      errorHandler(silentLog),
    );
    sockets.on("connection", (socket, request) => readers().serve(socket, request, localUser));
    return host;
  }

  /** Drops every connection, as a network that fails does. */
  dropConnections(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** A socket that does what it is told and no more. */
  socket(id: string, offset = 0, thin = "0"): WebSocket {
    return new WebSocket(`${this.url.replace("http", "ws")}api/runs/${id}/stream?offset=${offset}&thin=${thin}`);
  }

  async close(): Promise<void> {
    this.dropConnections();
    await this.service.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A queue of one server at 80 % load; about a million events in 20 minutes of five replications. */
export function request(options: Partial<RunRequest["options"]> = {}): RunRequest {
  return {
    version: 1,
    kind: "run",
    points: [{ key: {}, change: {} }],
    model: oneService,
    options: {
      until: "2min",
      warmup: "10s",
      runs: 3,
      seed: 5,
      every: "1s",
      confidence: 0.95,
      series: true,
      ...options,
    },
  };
}

/** Everything that a stream yields, as one buffer. */
export async function allBytes(frames: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const frame of frames) all.push(frame.slice());
  return Buffer.concat(all);
}

/** Resolves when some of the run's work has been done. */
export async function started(host: RunsHost, id: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = host.service.onProgress(id, ({ done }) => {
      if (done === 0) return;
      setImmediate(() => stop());
      resolve();
    });
  });
}
