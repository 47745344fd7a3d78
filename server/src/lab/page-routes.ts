import { readFile } from "node:fs/promises";
import { ArchitechError } from "@architech/protocol";
import { type Request, type Response, Router } from "express";
import { normalPath } from "../contents/path.js";
import type { Gate } from "../security/gate.js";
import { type LabBuild, readBuildJson } from "./build.js";
import { type PageAddress, type PagePlaces, pageConfig, renderPage } from "./page-config.js";

/** The lab's page at `/lab`, `/lab/tree/…`, `/lab/workspaces/…` and `/doc/…`; `/` leads there. */
export function pageRoutes(lab: LabBuild | undefined, gate: Gate, places: PagePlaces): Router {
  const { baseUrl } = places;
  const router = Router();
  router.get("/", (_request, response) => response.redirect(302, `${baseUrl}lab`));

  const page = (mode: PageAddress["mode"]) => async (request: Request<PageParams>, response: Response) => {
    if (lab === undefined)
      throw new ArchitechError("lab-not-built", "the lab has not been built: run npm run build, then start again");
    const { workspace = "default", path = [] } = request.params;
    if (!/^[\w-]+$/.test(workspace)) throw new ArchitechError("workspace-invalid", `no workspace "${workspace}"`);
    const address = { treePath: normalPath(path.join("/")), workspace, mode };
    const [template, build] = await Promise.all([readFile(lab.index, "utf8"), readBuildJson(lab, "page-config.json")]);
    const asked = request as unknown as Request;
    gate.giveXsrf(asked, response);
    response.setHeader("Cache-Control", "no-store");
    const token = gate.token.of(gate.userOf(asked));
    response.type("html").send(renderPage(template, pageConfig(address, { ...places, token, build })));
  };
  for (const [start, mode] of [
    ["/lab", "multiple-document"],
    ["/doc", "single-document"],
  ] as const) {
    router.get([start, `${start}/tree{/*path}`], page(mode));
    router.get([`${start}/workspaces/:workspace`, `${start}/workspaces/:workspace/tree{/*path}`], page(mode));
  }
  return router;
}

type PageParams = { workspace?: string; path?: string[] };
