import { modelSchema } from "architech";
import { Router } from "express";

/** `GET /api/schemas/model/1`: the JSON Schema of `*.arch.json` documents, by its version, for editors and other tools. */
export function schemaRoutes(): Router {
  const router = Router();
  router.get("/api/schemas/model/1", (_request, response) => {
    response.type("application/schema+json").send(JSON.stringify(modelSchema()));
  });
  return router;
}
