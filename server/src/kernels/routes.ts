import { type Request, Router } from "express";
import { jsonBody, objectBody, optionalString } from "../http/json-body.js";
import type { Kernels } from "./kernels.js";

/** What routes are told that start kernels. */
export interface KernelRoutesOptions {
  readonly bodyLimit: number;
  readonly baseUrl: string;
  /** Whose a kernel is that a request starts. */
  readonly userOf: (request: Request) => string;
}

/** `/api/kernels`: list, start, look at, interrupt, restart and end kernels. */
export function kernelRoutes(kernels: Kernels, options: KernelRoutesOptions): Router {
  const router = Router();
  const body = jsonBody(options.bodyLimit);
  router.get("/api/kernels", (_request, response) => {
    response.json(kernels.list());
  });
  router.post("/api/kernels", body, async (request, response) => {
    const given = objectBody(request);
    const name = optionalString(given, "name");
    const path = optionalString(given, "path");
    const kernel = await kernels.start({
      user: options.userOf(request),
      ...(name === undefined ? {} : { name }),
      ...(path === undefined ? {} : { path }),
    });
    response.location(`${options.baseUrl}api/kernels/${kernel.id}`).status(201).json(kernel);
  });
  router.get("/api/kernels/:id", (request, response) => {
    response.json(kernels.get(request.params.id));
  });
  router.post("/api/kernels/:id/interrupt", async (request, response) => {
    await kernels.get(request.params.id).interrupt();
    response.status(204).end();
  });
  router.post("/api/kernels/:id/restart", async (request, response) => {
    const kernel = kernels.get(request.params.id);
    await kernel.restart();
    response.json(kernel);
  });
  router.delete("/api/kernels/:id", async (request, response) => {
    await kernels.shutdown(request.params.id);
    response.status(204).end();
  });
  return router;
}
