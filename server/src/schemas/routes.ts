import { modelSchema } from "architech";
import { Router } from "express";

/** `GET /api/schemas/model/1`: the JSON Schema of `*.arch.json` documents, by its version, for editors and other tools. */
export function schemaRoutes(): Router {
  const router = Router();
  const model = JSON.stringify(modelSchema());
  router.get("/api/schemas/model/1", (_request, response) => {
    response.type("application/schema+json").send(model);
  });
  return router;
}
