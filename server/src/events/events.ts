import { Router } from "express";
import { jsonBody } from "../http/json-body.js";
import type { SocketRoute } from "../http/sockets.js";

/** `GET /api/events/subscribe`: the lab listens here for events of the server, of which there are none yet. */
export const eventsRoute: SocketRoute = {
  path: /^\/api\/events\/subscribe$/,
  connect(socket) {
    // What a client sends here has no meaning; it is read so that the connection goes on.
    socket.on("message", () => undefined);
  },
};

/** `POST /api/events`: takes the lab's own events and keeps none. */
export function eventsRoutes(options: { bodyLimit: number }): Router {
  const router = Router();
  router.post("/api/events", jsonBody(options.bodyLimit), (_request, response) => {
    response.status(204).end();
  });
  return router;
}
