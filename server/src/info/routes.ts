import { type Request, Router } from "express";
import type { Kernels } from "../kernels/kernels.js";
import { version } from "../version.js";

/** `GET /api`: which server this is; the one thing told to strangers. */
export function versionRoutes(): Router {
  const router = Router();
  // Clients of Jupyter read this as the version of the protocol's server side.
  router.get("/api", (_request, response) => {
    response.json({ version: "2.17.0", architech: version });
  });
  return router;
}

/** `GET /api/status`: what the server is doing. */
export function statusRoutes(kernels: Kernels, started: Date = new Date()): Router {
  const router = Router();
  router.get("/api/status", (_request, response) => {
    const running = kernels.list().map((kernel) => kernel.toJSON());
    const latest = running
      .map(({ last_activity }) => last_activity)
      .sort()
      .at(-1);
    response.json({
      started: started.toISOString(),
      last_activity: latest ?? started.toISOString(),
      connections: running.reduce((sum, { connections }) => sum + connections, 0),
      kernels: running.length,
    });
  });
  return router;
}

/** `GET /api/me`: for whom the server works. */
export function identityRoutes(userOf: (request: Request) => string): Router {
  const router = Router();
  router.get("/api/me", (request, response) => {
    const user = userOf(request);
    const name = user.charAt(0).toUpperCase() + user.slice(1);
    response.json({
      identity: {
        username: user,
        name,
        display_name: name,
        initials: name.charAt(0),
        avatar_url: null,
        color: null,
      },
      permissions: {},
    });
  });
  // The lab's menu of export formats: there is no converter here.
  router.get("/api/nbconvert", (_request, response) => {
    response.json({});
  });
  return router;
}
