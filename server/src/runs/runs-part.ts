import { localUser, type RunHost } from "architech/host";
import type { SocketRoute } from "../http/sockets.js";
import type { Part } from "../part.js";
import { schemaRoutes } from "../schemas/routes.js";
import { ownRuns } from "./own-runs.js";
import { type RunsOptions, runsRoutes } from "./routes.js";
import { runsSocket } from "./stream-socket.js";

/** The part that starts runs and serves what comes of them. */
export function runsPart(runs: RunHost, options: RunsOptions): Part {
  const { userOf = () => localUser } = options;
  const readers = runsSocket(runs);
  let streams = 0;
  const stream: SocketRoute = {
    path: /^\/api\/runs\/([^/]+)\/stream$/,
    // Refused before the handshake, so that a client can tell a run that is not there yet from one that broke off.
    check: ([id], request) => ownRuns(runs, userOf(request)).info(id!),
    connect(socket, { request }) {
      streams += 1;
      socket.once("close", () => (streams -= 1));
      readers.serve(socket, request, userOf(request));
    },
  };
  return {
    routes: [runsRoutes(runs, options), schemaRoutes()],
    sockets: [stream],
    begins: ["/api/runs"],
    load: () => ({ streams }),
    measure: (metrics) => {
      metrics.gauge("architech_streams", "Streams of runs that are being read here.", [], async () => [
        { value: streams },
      ]);
      metrics.gauge(
        "architech_stream_cache_bytes",
        "Frames kept for readers who are a little behind.",
        [],
        async () => [{ value: readers.cachedBytes }],
      );
    },
    close: () => runs.close(),
  };
}
