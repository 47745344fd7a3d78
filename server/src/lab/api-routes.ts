import { ArchitechError } from "@architech/protocol";
import { type RequestHandler, Router } from "express";
import { jsonBody, objectBody } from "../http/json-body.js";
import type { LabBuild } from "./build.js";
import type { Settings } from "./settings.js";
import { staticFiles } from "./static.js";
import type { Workspaces } from "./workspaces.js";

/** What the lab asks for at its start: settings, workspaces, translations, themes and its own files. */
export function labApiRoutes(
  lab: LabBuild | undefined,
  settings: Settings,
  workspaces: Workspaces,
  options: { bodyLimit: number },
): Router {
  const router = Router();
  const body = jsonBody(options.bodyLimit);

  router.get("/lab/api/settings", async (request, response) => {
    const idsOnly = request.query["ids_only"] === "true";
    response.json({ settings: idsOnly ? (await settings.ids()).map((id) => ({ id })) : await settings.list() });
  });
  router.get("/lab/api/settings/*id", async (request, response) => {
    response.json(await settings.get(request.params.id.join("/")));
  });
  router.put("/lab/api/settings/*id", body, async (request, response) => {
    const raw = objectBody(request)["raw"];
    if (typeof raw !== "string") throw new ArchitechError("settings-invalid", `settings are {"raw": "…"}`);
    await settings.set((request.params["id"] as unknown as string[]).join("/"), raw);
    response.status(204).end();
  });

  router.get("/lab/api/workspaces", async (_request, response) => {
    const all = await workspaces.list();
    response.json({ workspaces: { ids: all.map(({ metadata }) => metadata.id), values: all } });
  });
  router.get("/lab/api/workspaces/*id", async (request, response) => {
    response.json(await workspaces.get(request.params.id.join("/")));
  });
  router.put("/lab/api/workspaces/*id", body, async (request, response) => {
    await workspaces.save((request.params["id"] as unknown as string[]).join("/"), objectBody(request));
    response.status(204).end();
  });
  router.delete("/lab/api/workspaces/*id", async (request, response) => {
    await workspaces.remove(request.params.id.join("/"));
    response.status(204).end();
  });

  router.get("/lab/api/translations", (_request, response) => {
    response.json({ data: { en: { displayName: "English", nativeName: "English" } }, message: "" });
  });
  router.get("/lab/api/translations/:locale", (_request, response) => {
    response.json({ data: {}, message: "" });
  });

  if (lab !== undefined) {
    const files = (folder: string) => staticFiles(folder) as RequestHandler<{ path: string[] }>;
    router.get("/lab/api/themes/*path", files(lab.themes));
    router.get("/lab/extensions/*path", files(lab.extensions));
    router.use(staticRoutes(lab));
  }
  return router;
}

/** `/static/lab/…`: the built files, none of which is a secret. */
export function staticRoutes(lab: LabBuild, options: { forEverybody?: boolean } = {}): Router {
  const router = Router();
  router.get("/static/lab/*path", staticFiles(lab.static, options) as RequestHandler<{ path: string[] }>);
  return router;
}
