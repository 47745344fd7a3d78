import { readdir } from "node:fs/promises";
import { parse } from "node:path";
import { Router } from "express";
import type { KernelSpec, KernelSpecs } from "./kernelspecs.js";

/** `GET /api/kernelspecs`, one spec, and its logos and other resources. */
export function kernelSpecRoutes(specs: KernelSpecs, baseUrl: string): Router {
  const router = Router();
  router.get("/api/kernelspecs", async (_request, response) => {
    const all = [...(await specs.list()).values()];
    const models = await Promise.all(all.map((spec) => describe(spec, baseUrl)));
    response.json({
      default: await specs.defaultName(),
      kernelspecs: Object.fromEntries(models.map((model) => [model.name, model])),
    });
  });
  router.get("/api/kernelspecs/:name", async (request, response) => {
    response.json(await describe(await specs.get(request.params.name), baseUrl));
  });
  router.get("/kernelspecs/:name/*path", async (request, response, next) => {
    const { folder } = await specs.get(request.params.name);
    response.sendFile(request.params.path.join("/"), { root: folder, dotfiles: "deny" }, (error) => error && next());
  });
  return router;
}

interface KernelSpecModel {
  name: string;
  spec: KernelSpec["spec"];
  resources: Record<string, string>;
}

async function describe({ name, folder, spec }: KernelSpec, baseUrl: string): Promise<KernelSpecModel> {
  const url = (file: string) => `${baseUrl}kernelspecs/${encodeURIComponent(name)}/${encodeURIComponent(file)}`;
  const resources: Record<string, string> = {};
  for (const file of await readdir(folder)) {
    if (file.startsWith("logo-")) resources[parse(file).name] = url(file);
    if (file === "kernel.js" || file === "kernel.css") resources[file] = url(file);
  }
  return { name, spec, resources };
}
