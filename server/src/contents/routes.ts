import { ArchitechError } from "@architech/protocol";
import { type Request, type Response, Router } from "express";
import { jsonBody, objectBody, optionalString } from "../http/json-body.js";
import type { Answers } from "./answers.js";
import type { Contents, Versioned } from "./contents.js";
import type { Checkpoint, Documents } from "./documents.js";
import type { ModelType } from "./model.js";
import { normalPath } from "./path.js";

/** `/api/contents`: list, read, save, create, copy, rename and remove documents, and their checkpoints. */
export function contentsRoutes(
  contents: Contents,
  documents: Documents,
  answers: Answers,
  options: { bodyLimit: number; baseUrl: string },
): Router {
  const router = Router();
  const body = jsonBody(options.bodyLimit);
  const created = (response: Response, { model, version }: Versioned) => {
    const place = model.path.split("/").map(encodeURIComponent).join("/");
    answer(response.status(201).location(`${options.baseUrl}api/contents/${place}`), { model, version });
  };

  router.get("/api/contents{/*path}/checkpoints", async (request, response) => {
    response.json((await documents.checkpoints.list(pathOf(request))).map(checkpointModel));
  });
  router.post("/api/contents{/*path}/checkpoints", async (request, response) => {
    response.status(201).json(checkpointModel(await documents.checkpoints.create(pathOf(request))));
  });
  router.post("/api/contents{/*path}/checkpoints/:id", async (request, response) => {
    await documents.checkpoints.restore(pathOf(request), String(request.params["id"]));
    response.status(204).end();
  });
  router.delete("/api/contents{/*path}/checkpoints/:id", async (request, response) => {
    await documents.checkpoints.remove(pathOf(request), String(request.params["id"]));
    response.status(204).end();
  });
  router.post("/api/contents{/*path}/trust", async (request, response) => {
    await contents.trust(pathOf(request));
    response.status(201).json({});
  });

  router.get("/api/contents{/*path}", async (request, response) => {
    const { content, type, format, hash } = request.query;
    const { tag, modified, body } = await answers.get(pathOf(request), {
      content: content !== "0",
      hash: hash === "1",
      ...(typeof type === "string" && type !== "" ? { type } : {}),
      ...(typeof format === "string" && format !== "" ? { format } : {}),
    });
    response.setHeader("Cache-Control", "private, no-cache");
    response.setHeader("ETag", tag);
    response.setHeader("Last-Modified", modified.toUTCString());
    // A folder may be older than what is in it: only the tag tells.
    if (request.get("if-none-match") !== undefined && request.fresh) response.status(304).end();
    else response.type("json").send(body);
  });
  router.put("/api/contents/*path", body, async (request, response) => {
    const path = pathOf(request);
    const version = /^"([^/]*)(?:\/.*)?"$/.exec(request.get("if-match") ?? "")?.[1];
    const isNew = await documents.stat(path).then(
      () => false,
      () => true,
    );
    const saved = await contents.save(path, objectBody(request), version === undefined ? {} : { version });
    if (isNew) created(response, saved);
    else answer(response, saved);
  });
  router.post("/api/contents{/*path}", body, async (request, response) => {
    const given = objectBody(request);
    const folder = pathOf(request);
    const from = optionalString(given, "copy_from");
    if (from !== undefined) {
      created(response, await contents.copy(normalPath(from), folder));
      return;
    }
    const type = (optionalString(given, "type") ?? "file") as ModelType;
    if (!["notebook", "file", "directory"].includes(type))
      throw new ArchitechError("document-invalid", `no type "${type}": notebook, file or directory`);
    const extension = optionalString(given, "ext") ?? ".txt";
    if (!/^(\.[\w-]+)*$/.test(extension)) throw new ArchitechError("document-invalid", `no extension "${extension}"`);
    created(response, await contents.createUntitled(folder, type, extension));
  });
  router.patch("/api/contents/*path", body, async (request, response) => {
    const to = optionalString(objectBody(request), "path");
    if (to === undefined) throw new ArchitechError("body-malformed", `a rename needs the new "path"`);
    answer(response, await contents.rename(pathOf(request), normalPath(to)));
  });
  router.delete("/api/contents/*path", async (request, response) => {
    await contents.remove(pathOf(request));
    response.status(204).end();
  });
  return router;
}

/** The document's path in a request's URL, already decoded. */
export function pathOf(request: Request<Record<string, string | string[]>>): string {
  const path = request.params["path"] ?? [];
  return normalPath(Array.isArray(path) ? path.join("/") : path);
}

function answer(response: Response, { model, version }: Versioned): void {
  response.setHeader("Last-Modified", new Date(model.last_modified).toUTCString());
  response.setHeader("Cache-Control", "no-store");
  if (version !== "") response.setHeader("ETag", `"${version}"`);
  response.json(model);
}

function checkpointModel({ id, modified }: Checkpoint): { id: string; last_modified: string } {
  return { id, last_modified: modified.toISOString() };
}
