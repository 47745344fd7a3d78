import { Router } from "express";
import type { Readiness } from "./readiness.js";

/** `/healthz`: the process answers. `/readyz`: it can be given work. Both for anyone, and without anything secret. */
export function healthRoutes(readiness: Readiness): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_request, response) => {
    const health = await readiness.health();
    response.setHeader("Cache-Control", "no-store");
    response.status(health.ready ? 200 : 503).json(health);
  });
  return router;
}
