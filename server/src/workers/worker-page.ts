import { createServer } from "node:http";
import express from "express";
import type { Bus } from "../bus/bus.js";
import { Readiness } from "../health/readiness.js";
import { healthRoutes } from "../health/routes.js";
import { listen } from "../http/listen.js";
import type { Metrics } from "../metrics/metrics.js";
import { measureConnections, measureProcess } from "../metrics/process-metrics.js";
import { metricsRoutes } from "../metrics/routes.js";

/** Answers what Kubernetes and Prometheus ask of a worker. Nothing of it is secret, so no token is asked for. */
export async function showWorker(
  { metrics, bus, isReady }: { metrics: Metrics; bus: Bus; isReady: () => boolean },
  { port, ip }: { port: number; ip: string },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const readiness = new Readiness([{ name: "work", required: true, ok: isReady }]);
  const app = express();
  app.disable("x-powered-by");
  app.use(healthRoutes(readiness), metricsRoutes(metrics));
  const http = createServer(app);
  measureProcess(metrics, { roles: "worker", readiness, bus });
  measureConnections(metrics, http);
  return {
    port: await listen(http, { ip, port, portTries: 1 }),
    async close() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}
