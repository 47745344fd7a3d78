import type { IncomingMessage } from "node:http";
import type { RunInfo } from "@architech/protocol";
import type { RunHost } from "architech/host";
import { type Request, Router } from "express";
import { traceParent } from "../http/trace-parent.js";
import { bytesBody, decodeBody } from "./request-body.js";

/** How runs are started. */
export interface RunsOptions {
  /** Bytes of a request, at most. */
  readonly bodyLimit?: number;
  /** Whose a run is. */
  readonly userOf?: (request: IncomingMessage) => string;
  /** Is told of each run that was started or found, and of the trace that it is a part of. */
  readonly started?: (run: RunInfo, traceparent: string | undefined) => void;
}

/**
 * The runs API: `POST /api/runs` starts a run (JSON or MessagePack, answered 201 with its id), `GET` lists them, one
 * is read, cancelled and deleted below its id. Errors are thrown with their code for the server's handler to answer.
 */
export function runsRoutes(service: RunHost, options: RunsOptions = {}): Router {
  const { bodyLimit, userOf, started } = options;
  const router = Router();
  router.post("/api/runs", bytesBody(bodyLimit), async (request, response) => {
    const traceparent = traceParent(request.headers["traceparent"]);
    const info = await service.start(decodeBody(request), { user: userOf?.(request), traceparent });
    started?.(info, traceparent);
    response.status(201).json(info);
  });
  router.get("/api/runs", async (_request, response) => {
    response.json({ runs: await service.list() });
  });
  router.get("/api/runs/:id", async (request, response) => {
    response.json(await service.info(idOf(request)));
  });
  router.post("/api/runs/:id/cancel", async (request, response) => {
    response.json(await service.cancel(idOf(request)));
  });
  router.delete("/api/runs/:id", async (request, response) => {
    await service.delete(idOf(request));
    response.status(204).end();
  });
  return router;
}

function idOf(request: Request): string {
  return String(request.params["id"]);
}
