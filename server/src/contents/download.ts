import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import { mimetypeOf } from "./content.js";
import type { Documents } from "./documents.js";
import { nameOf } from "./path.js";
import { pathOf } from "./routes.js";

/** `GET /files/…`: a file's raw bytes; with `?download=1` as an attachment. Its scripts run without this server's rights. */
export function downloadRoutes(documents: Documents): Router {
  const router = Router();
  router.get("/files/*path", async (request, response) => {
    const path = pathOf(request);
    const entry = await documents.stat(path);
    response.setHeader("Content-Security-Policy", "sandbox allow-scripts");
    response.setHeader("Cache-Control", "private, no-cache");
    response.setHeader("ETag", `"${entry.version}"`);
    response.setHeader("Last-Modified", entry.modified.toUTCString());
    response.type(mimetypeOf(path) ?? "application/octet-stream");
    if (request.query["download"] !== undefined && request.query["download"] !== "0") response.attachment(nameOf(path));
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    const content = await documents.read(path);
    response.setHeader("ETag", `"${content.entry.version}"`);
    response.setHeader("Content-Length", content.entry.size);
    // When the reader goes away there is nobody left to tell.
    await pipeline(Readable.from(content.bytes), response).catch(() => response.destroy());
  });
  return router;
}
