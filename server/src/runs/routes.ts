import type { IncomingMessage } from "node:http";
import type { RunInfo } from "@architech/protocol";
import { localUser, type RunHost } from "architech/host";
import { type Request, Router } from "express";
import { traceParent } from "../http/trace-parent.js";
import { type OwnRuns, ownRuns } from "./own-runs.js";
import { bytesBody, decodeBody } from "./request-body.js";

/** Who asks. */
export type UserOf = (request: IncomingMessage) => string;

/** How runs are started, and for whom they are read. */
export interface RunsOptions {
  /** Bytes of a request, at most. */
  readonly bodyLimit?: number;
  /** Who asks, and whose a run is that is started. By default the one user there is. */
  readonly userOf?: UserOf;
  /** Is told of each run that was started or found, and of the trace that it is a part of. */
  readonly started?: (run: RunInfo, traceparent: string | undefined) => void;
}

/**
 * The runs API: `POST /api/runs` starts a run (JSON or MessagePack, answered 201 with its id), `GET` lists them, one
 * is read, cancelled and deleted below its id. Everybody has only runs of their own. Errors are thrown with their code for the server's handler to answer.
 */
export function runsRoutes(service: RunHost, options: RunsOptions = {}): Router {
  const { bodyLimit, userOf = () => localUser, started } = options;
  const own = (request: Request): OwnRuns => ownRuns(service, userOf(request));
  const router = Router();
  router.post("/api/runs", bytesBody(bodyLimit), async (request, response) => {
    const traceparent = traceParent(request.headers["traceparent"]);
    const info = await own(request).start(decodeBody(request), { traceparent });
    started?.(info, traceparent);
    response.status(201).json(info);
  });
  router.get("/api/runs", async (request, response) => {
    response.json({ runs: await own(request).list() });
  });
  router.get("/api/runs/:id", async (request, response) => {
    response.json(await own(request).info(idOf(request)));
  });
  router.post("/api/runs/:id/cancel", async (request, response) => {
    response.json(await own(request).cancel(idOf(request)));
  });
  router.delete("/api/runs/:id", async (request, response) => {
    await own(request).delete(idOf(request));
    response.status(204).end();
  });
  return router;
}

function idOf(request: Request): string {
  return String(request.params["id"]);
}
