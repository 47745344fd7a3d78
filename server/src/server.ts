import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { type RunHost, RunService } from "architech/host";
import express, { type Express } from "express";
import { ClusterRuns } from "./cluster/cluster-runs.js";
import { Contents } from "./contents/contents.js";
import type { Documents } from "./contents/documents.js";
import { downloadRoutes } from "./contents/download.js";
import { contentsRoutes } from "./contents/routes.js";
import { Trust } from "./contents/trust.js";
import { Uploads } from "./contents/uploads.js";
import { eventsRoute, eventsRoutes } from "./events/events.js";
import { errorHandler } from "./http/errors.js";
import { listen } from "./http/listen.js";
import { Sockets } from "./http/sockets.js";
import { infoRoutes, versionRoutes } from "./info/routes.js";
import { Kernels } from "./kernels/kernels.js";
import { kernelRoutes } from "./kernels/routes.js";
import { channelsRoute } from "./kernels/socket.js";
import { KernelSpecs } from "./kernelspecs/kernelspecs.js";
import { kernelSpecRoutes } from "./kernelspecs/routes.js";
import { labApiRoutes } from "./lab/api-routes.js";
import { pageRoutes } from "./lab/page-routes.js";
import { Settings } from "./lab/settings.js";
import { Workspaces } from "./lab/workspaces.js";
import { resolveOptions, type ServerOptions } from "./options.js";
import { runsRoutes } from "./runs/routes.js";
import { runsSocket } from "./runs/stream-socket.js";
import { schemaRoutes } from "./schemas/routes.js";
import { Gate } from "./security/gate.js";
import { securityHeaders } from "./security/headers.js";
import { isLoopback } from "./security/hosts.js";
import { loginRoutes } from "./security/login.js";
import { sessionRoutes } from "./sessions/routes.js";
import { Sessions } from "./sessions/sessions.js";

/** A server that listens. */
export interface ArchitechServer {
  /** Where it is, with the base URL and without the token. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly documents: Documents;
  readonly contents: Contents;
  /** Ends its kernels, closes its connections and its port. */
  close(): Promise<void>;
}

/** Puts the parts of a server together and listens; the one place that knows them all. */
export async function startServer(given: ServerOptions): Promise<ArchitechServer> {
  const options = resolveOptions(given);
  const { baseUrl, limits, log } = options;
  const gate = new Gate(options);
  const http = createHttpServer();
  let url = "";

  const specs = new KernelSpecs(options.kernelspecFolders);
  const { documents } = options;
  const trust = new Trust(join(options.data, "trust"));
  const contents = new Contents(documents, trust, new Uploads(join(options.data, "uploads")));
  const kernels = new Kernels({
    specs,
    runtime: join(options.data, "runtime"),
    workingFolder: async (path) => (await documents.workingFolder(path)) ?? options.data,
    env: () => ({ ARCHITECH_LAB: url, ARCHITECH_SERVER: url, ARCHITECH_TOKEN: options.token }),
    policy: options.kernels,
    log,
  });
  const sessions = new Sessions(kernels);
  const { bus } = options;
  const runs: RunHost = bus
    ? await ClusterRuns.open({ bus, log })
    : await RunService.open({ folder: join(options.data, "runs") });
  const settings = new Settings(options.lab, join(options.data, "lab", "user-settings"));
  const workspaces = new Workspaces(join(options.data, "lab", "workspaces"));

  const small = { bodyLimit: limits.body, baseUrl };
  const large = { bodyLimit: limits.document, baseUrl };
  const router = express.Router();
  router.use(versionRoutes(), loginRoutes(gate, baseUrl), gate.admit);
  router.use(contentsRoutes(contents, documents, large), downloadRoutes(documents));
  router.use(kernelSpecRoutes(specs, baseUrl), kernelRoutes(kernels, small), sessionRoutes(sessions, small));
  router.use(infoRoutes(kernels), schemaRoutes(), eventsRoutes(small));
  router.use(labApiRoutes(options.lab, settings, workspaces, large));
  router.use(runsRoutes(runs, { bodyLimit: limits.run }));
  router.use(pageRoutes(options.lab, gate, baseUrl));

  const app = createApp(gate, options.contentSecurityPolicy);
  app.use(baseUrl, router);
  app.use((request) => {
    throw new ArchitechError("not-found", `nothing at ${request.method} ${request.path}`);
  });
  app.use(errorHandler(log));

  const sockets = new Sockets(gate, baseUrl, { messageLimit: limits.message, pingMs: limits.pingMs });
  const serveStream = runsSocket(runs);
  sockets.add(channelsRoute(kernels, limits.channel), eventsRoute, {
    path: /^\/api\/runs\/([^/]+)\/stream$/,
    // Refused before the handshake, so that a client can tell a run that is not there yet from one that broke off.
    check: ([id]) => runs.info(id!),
    connect: (socket, { request }) => serveStream(socket, request),
  });
  http.on("request", app);
  http.on("upgrade", (request, stream, head) => sockets.upgrade(request, stream, head));

  const port = await listen(http, options).catch(async (error) => {
    sockets.close();
    await runs.close();
    throw error;
  });
  gate.port = port;
  url = `http://${hostForUrl(options.ip)}:${port}${baseUrl}`;
  return {
    url,
    port,
    token: options.token,
    documents,
    contents,
    async close() {
      sockets.close();
      const closed = new Promise((done) => http.close(done));
      await kernels.close();
      await runs.close();
      await bus?.close();
      sockets.terminate();
      http.closeAllConnections();
      await closed;
      await documents.close();
    },
  };
}

function createApp(gate: Gate, contentSecurityPolicy: string): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders(contentSecurityPolicy), gate.origin);
  return app;
}

/** The host that a person or a kernel on this machine reaches the server by. */
function hostForUrl(ip: string): string {
  if (ip === "0.0.0.0" || ip === "::" || isLoopback(ip)) return ip === "::1" ? "[::1]" : "127.0.0.1";
  return ip.includes(":") ? `[${ip}]` : ip;
}
