import { createServer as createHttpServer } from "node:http";
import { ArchitechError } from "@architech/protocol";
import express, { type Express, type RequestHandler } from "express";
import { Membership } from "./cluster/membership.js";
import type { Contents } from "./contents/contents.js";
import type { Documents } from "./contents/documents.js";
import { Readiness } from "./health/readiness.js";
import { healthRoutes } from "./health/routes.js";
import { errorHandler } from "./http/errors.js";
import { limited } from "./http/limited.js";
import { listen } from "./http/listen.js";
import { OpenRequests } from "./http/open-requests.js";
import { RateLimits } from "./http/rate-limits.js";
import { identified } from "./http/request-id.js";
import { Sockets } from "./http/sockets.js";
import { traced } from "./http/traced.js";
import { versionRoutes } from "./info/routes.js";
import { Metrics } from "./metrics/metrics.js";
import { measureConnections, measureProcess } from "./metrics/process-metrics.js";
import { measuredRequests } from "./metrics/request-metrics.js";
import { metricsRoutes } from "./metrics/routes.js";
import { type ResolvedOptions, resolveOptions, type ServerOptions } from "./options.js";
import { loadOf } from "./part.js";
import { assemble } from "./parts.js";
import { Gate } from "./security/gate.js";
import { securityHeaders } from "./security/headers.js";
import { isLoopback } from "./security/hosts.js";
import { loginRoutes } from "./security/login.js";
import { gatewayHeader, type UserNaming } from "./security/user-name.js";

/** A server that listens. */
export interface ArchitechServer {
  /** Where it is, with the base URL and without the token. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Those that it keeps, where that is its role. */
  readonly documents: Documents | undefined;
  readonly contents: Contents | undefined;
  /** It is not ready from now on and begins nothing new; what it has begun goes on. */
  drain(): void;
  /** Ends its kernels, closes its connections and its port. */
  close(): Promise<void>;
}

/** A gateway keeps its connections to a service open for a shorter time than the service does, so that none is closed while it is used. */
const keepAliveMs = 75_000;

/** Puts the parts of a server together and listens. */
export async function startServer(given: ServerOptions): Promise<ArchitechServer> {
  const options = resolveOptions(given);
  const { baseUrl, bus, limits, log } = options;
  const gate = new Gate({ ...options, naming: namingOf(options) });
  const http = createHttpServer({ keepAliveTimeout: keepAliveMs });
  const members = bus && new Membership(bus, options.roles, log);
  let url = "";

  const { parts, contents } = await assemble({ options, gate, members, url: () => url });
  const readiness = new Readiness(parts.flatMap(({ checks = [] }) => checks));
  const limit = limited(new RateLimits(options.rateLimits), gate, options.trustedProxies);

  const open = new OpenRequests(options.openLimit);

  const metrics = new Metrics();
  measureProcess(metrics, { roles: options.roles.join(","), readiness, bus, folder: options.data });
  measureConnections(metrics, http);
  for (const part of parts) part.measure?.(metrics);
  const router = express.Router();
  router.use(
    versionRoutes(),
    ...parts.flatMap(({ open = [] }) => open),
    loginRoutes(gate, baseUrl),
    gate.admit,
    // Whoever watches has the token, and is no user.
    metricsRoutes(metrics),
    gate.named,
    limit.byUser,
    open.admit,
  );
  const begins = parts.flatMap((part) => part.begins ?? []);
  router.use(refuseNew(begins, readiness, () => members?.say()));
  for (const { routes } of parts) router.use(...routes);

  const app = createApp(options.trustedProxies);
  app.use(measuredRequests(metrics), identified(log), healthRoutes(readiness), traced(options.tracing));
  app.use(securityHeaders(options.contentSecurityPolicy), limit.byAddress, gate.origin);
  app.use(baseUrl, healthRoutes(readiness), router);
  app.use((request) => {
    throw new ArchitechError("not-found", `nothing at ${request.method} ${request.path}`);
  });
  app.use(errorHandler(log));

  const sockets = new Sockets(gate, baseUrl, {
    messageLimit: limits.message,
    pingMs: limits.pingMs,
    admit: async (request) => {
      await limit.socket(request);
      open.check();
    },
    log,
  });
  sockets.add(...parts.flatMap((part) => part.sockets ?? []));
  sockets.measure(metrics);
  http.on("request", app);
  http.on("upgrade", (request, stream, head) => sockets.upgrade(request, stream, head));

  const closeParts = async () => {
    await members?.leave();
    for (const part of parts) await part.close();
  };
  const port = await listen(http, options).catch(async (error) => {
    sockets.close();
    await closeParts();
    throw error;
  });
  gate.port = port;
  url = `http://${hostForUrl(options.ip)}:${port}${baseUrl}`;
  members?.announce({
    url: options.advertise ?? url,
    load: () => loadOf(parts),
    isReady: () => !readiness.draining,
  });
  const drain = () => {
    readiness.drain();
    members?.say();
  };
  return {
    url,
    port,
    token: options.token,
    documents: contents && options.documents,
    contents,
    drain,
    async close() {
      drain();
      sockets.close();
      const closed = new Promise((done) => http.close(done));
      await closeParts();
      sockets.terminate();
      http.closeAllConnections();
      await closed;
      await bus?.close();
      await options.documents?.close();
      await options.tracing.close();
    },
  };
}

/** Services are behind gateways, which say for whom they ask; an entry may be behind a proxy that does. */
function namingOf({ roles, userHeader }: ResolvedOptions): UserNaming | undefined {
  if (!roles.includes("all") && !roles.includes("gateway")) return { header: gatewayHeader, required: false };
  return userHeader === undefined ? undefined : { header: userHeader, required: true };
}

/** Refuses what begins something that lasts, once the process is told to end; tells the others of what has begun. */
function refuseNew(begins: readonly string[], readiness: Readiness, begun: () => void): RequestHandler {
  return (request, response, next) => {
    if (request.method === "POST" && begins.includes(request.path)) {
      if (readiness.draining)
        throw new ArchitechError("shutting-down", "this server is about to end and begins nothing new: ask again");
      response.once("finish", begun);
    }
    next();
  };
}

function createApp(trustedProxies: number): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("trust proxy", trustedProxies);
  return app;
}

/** The host that a person or a kernel on this machine reaches the server by. */
function hostForUrl(ip: string): string {
  if (ip === "0.0.0.0" || ip === "::" || isLoopback(ip)) return ip === "::1" ? "[::1]" : "127.0.0.1";
  return ip.includes(":") ? `[${ip}]` : ip;
}
