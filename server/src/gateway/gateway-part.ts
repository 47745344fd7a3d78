import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ArchitechError } from "@architech/protocol";
import { type Request, type RequestHandler, type Response, raw } from "express";
import type { Bus } from "../bus/bus.js";
import type { Membership } from "../cluster/membership.js";
import { clientAddress } from "../http/client-address.js";
import type { TunnelRoute } from "../http/sockets.js";
import type { Log } from "../log.js";
import type { Metrics } from "../metrics/metrics.js";
import type { Part } from "../part.js";
import type { Gate } from "../security/gate.js";
import { Asker, connections } from "./ask.js";
import { destinationOf, type Held } from "./destination.js";
import { Forwarder, largestKept, type Way } from "./forwarder.js";
import { Holders, lost } from "./holders.js";
import type { Instance } from "./instance.js";
import { Instances } from "./instances.js";
import { placeTtlMs, SessionPlaces } from "./session-places.js";
import { Tunnel } from "./tunnel.js";
import { askAll, joined, statusOfAll } from "./union.js";

/** How long a WebSocket may take to be closed where the gateway ends. */
const farewellMs = 1_000;

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly members: Membership;
  readonly bus: Bus;
  /** It knows the cluster's token, which every service takes, and for whom a request is. */
  readonly gate: Gate;
  readonly log: Log;
  /** Proxies before the gateway whose word counts. */
  readonly trustedProxies: number;
}

/** The part that leads every request and WebSocket to the service that can answer it. */
export function gatewayPart(options: GatewayOptions): Part {
  const gateway = new Gateway(options);
  return {
    routes: [gateway.route],
    sockets: [gateway.channels, gateway.streams],
    begins: ["/api/kernels", "/api/sessions", "/api/runs"],
    measure: (metrics) => gateway.measure(metrics),
    close: () => gateway.close(),
  };
}

class Gateway {
  readonly #trustedProxies: number;
  readonly #agent = connections();
  readonly #asker: Asker;
  readonly #instances: Instances;
  readonly #holders: Holders;
  readonly #places: SessionPlaces;
  readonly #forwarder: Forwarder;
  readonly #tunnels = new Set<Tunnel>();

  constructor({ members, bus, gate, log, trustedProxies }: GatewayOptions) {
    const token = gate.token.value;
    this.#trustedProxies = trustedProxies;
    this.#asker = new Asker(this.#agent, token);
    this.#instances = new Instances(members, this.#asker, log);
    this.#holders = new Holders(this.#instances, this.#asker);
    const chosen = bus.state("session-places", { ttlMs: placeTtlMs });
    this.#places = new SessionPlaces(this.#instances, this.#asker, this.#holders, chosen, log);
    this.#forwarder = new Forwarder(this.#agent, gate);
  }

  readonly route: RequestHandler = async (request, response, next) => {
    const destination = destinationOf(request.path);
    if (destination === undefined) return next();
    this.#setAddress(request);
    if ("holds" in destination) await this.#toHolder(request, response, destination.holds);
    else if ("role" in destination) {
      const { role } = destination;
      await this.#forward(request, response, { next: (tried) => this.#instances.pick(role, tried) });
    } else if (request.method === "GET") await this.#answerForAll(request, response, destination.all);
    else if (destination.all === "sessions" && request.method === "POST") await this.#openSession(request, response);
    else await this.#forward(request, response, { next: (tried) => this.#instances.pickForKernel(tried) });
  };

  /** A kernel's channels are where the kernel is. */
  readonly channels: TunnelRoute = {
    path: /^\/api\/kernels\/([^/]+)\/channels$/,
    tunnel: async (request, stream, head, [id]) => {
      const instance = await this.#holders.of({ kind: "kernels", id: id! }, idOf(request));
      this.#tunnel(request, stream, head, instance, `/api/kernels/${encodeURIComponent(id!)}/channels`);
    },
  };

  /** A run's stream can be read anywhere. */
  readonly streams: TunnelRoute = {
    path: /^\/api\/runs\/([^/]+)\/stream$/,
    tunnel: async (request, stream, head, [id]) => {
      const instance = this.#instances.pick("runs");
      if (instance === undefined)
        throw new ArchitechError("service-unavailable", "no service of runs is there at the moment: connect again");
      this.#tunnel(request, stream, head, instance, `/api/runs/${encodeURIComponent(id!)}/stream`);
    },
  };

  measure(metrics: Metrics): void {
    this.#instances.measure(metrics);
    metrics.total("architech_gateway_retries_total", "Requests that were led to a second service.", [], async () => [
      { value: this.#forwarder.retries },
    ]);
  }

  async close(): Promise<void> {
    this.#instances.close();
    await Promise.all([...this.#tunnels].map((tunnel) => tunnel.end(farewellMs)));
    this.#agent.destroy();
  }

  #tunnel(request: IncomingMessage, stream: Duplex, head: Buffer, instance: Instance, path: string): void {
    this.#setAddress(request);
    request.url = path + new URL(request.url ?? "/", "http://localhost").search;
    const tunnel = new Tunnel(stream as Socket);
    this.#tunnels.add(tunnel);
    instance.outstanding += 1;
    stream.once("close", () => {
      instance.outstanding -= 1;
      this.#tunnels.delete(tunnel);
    });
    void this.#forwarder.socket(request, tunnel, head, instance);
  }

  async #toHolder(request: Request, response: Response, held: Held): Promise<void> {
    const holder = await this.#holders.of(held, idOf(request));
    await this.#forward(request, response, {
      next: (tried) => (tried.has(holder) ? undefined : holder),
      // Where nobody listens any more, its kernels have died with it.
      unreachable: (how) => (how === "refused" ? lost(held) : undefined),
    });
  }

  async #openSession(request: Request, response: Response): Promise<void> {
    const body = await bodyOf(request, response);
    const first = await this.#places.of(parse(body), idOf(request));
    await this.#forward(request, response, {
      body,
      next: (tried) => (first !== undefined && !tried.has(first) ? first : this.#instances.pickForKernel(tried)),
    });
  }

  async #answerForAll(request: Request, response: Response, what: "kernels" | "sessions" | "status"): Promise<void> {
    const shares = await askAll(this.#instances, this.#asker, `api/${what}`, idOf(request));
    response.json(what === "status" ? statusOfAll(shares) : joined(shares));
  }

  async #forward(request: Request, response: Response, way: Way): Promise<void> {
    const length = Number(request.headers["content-length"] ?? Number.NaN);
    const body = way.body ?? (length > 0 && length <= largestKept ? await bodyOf(request, response) : undefined);
    await this.#forwarder.request(request, response, {
      ...way,
      body,
      answered: (instance, location) => {
        // What has just begun is known without asking for it.
        const held = /\/api\/(kernels|sessions)\/([^/]+)$/.exec(location ?? "");
        if (held === null) return;
        instance.begun();
        this.#holders.remember({ kind: held[1] as Held["kind"], id: held[2]! }, instance);
      },
    });
  }

  /** Tells the service where the request comes from; what a stranger said of it does not count. */
  #setAddress(request: IncomingMessage): void {
    request.headers["x-forwarded-for"] = clientAddress(request, this.#trustedProxies);
  }
}

function idOf(request: IncomingMessage): string {
  return String(request.headers["x-request-id"] ?? "");
}

const readBody = raw({ limit: largestKept, type: () => true });

/** The whole body of a request. */
async function bodyOf(request: Request, response: Response): Promise<Buffer> {
  await new Promise<void>((resolve, reject) =>
    readBody(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error))),
  );
  const body: unknown = request.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  delete request.headers["transfer-encoding"];
  delete request.headers["content-encoding"];
  request.headers["content-length"] = String(bytes.length);
  return bytes;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // Its service says what is wrong with it.
    return undefined;
  }
}
