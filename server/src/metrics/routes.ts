import { Router } from "express";
import type { Metrics } from "./metrics.js";

/** `/metrics`, in the text format of Prometheus. */
export function metricsRoutes(metrics: Metrics): Router {
  const router = Router();
  router.get("/metrics", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.type(metrics.contentType).send(await metrics.text());
  });
  return router;
}
