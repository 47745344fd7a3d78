import { ArchitechError } from "@architech/protocol";
import { type Request, Router } from "express";
import { jsonBody, objectBody, optionalString } from "../http/json-body.js";
import type { KernelRoutesOptions } from "../kernels/routes.js";
import type { SessionRequest, Sessions } from "./sessions.js";

/** `/api/sessions`: which document runs in which kernel. */
export function sessionRoutes(sessions: Sessions, options: KernelRoutesOptions): Router {
  const router = Router();
  const body = jsonBody(options.bodyLimit);
  router.get("/api/sessions", (_request, response) => {
    response.json(sessions.list());
  });
  router.post("/api/sessions", body, async (request, response) => {
    const session = await sessions.open(parse(request), options.userOf(request));
    response.location(`${options.baseUrl}api/sessions/${session.id}`).status(201).json(session);
  });
  router.get("/api/sessions/:id", (request, response) => {
    response.json(sessions.get(request.params.id));
  });
  router.patch("/api/sessions/:id", body, async (request, response) => {
    const id = String(request.params["id"]);
    response.json(await sessions.change(id, parse(request), options.userOf(request)));
  });
  router.delete("/api/sessions/:id", async (request, response) => {
    await sessions.close(request.params.id);
    response.status(204).end();
  });
  return router;
}

function parse(request: Request): SessionRequest {
  const body = objectBody(request);
  const parsed: SessionRequest = {};
  for (const name of ["path", "name", "type"] as const) {
    const value = optionalString(body, name);
    if (value !== undefined) parsed[name] = value;
  }
  const kernel = body["kernel"] ?? undefined;
  if (kernel === undefined) return parsed;
  if (typeof kernel !== "object") throw new ArchitechError("body-malformed", `"kernel" is not an object`);
  parsed.kernel = {};
  for (const name of ["id", "name"] as const) {
    const value = optionalString(kernel as Record<string, unknown>, name);
    if (value !== undefined) parsed.kernel[name] = value;
  }
  return parsed;
}
