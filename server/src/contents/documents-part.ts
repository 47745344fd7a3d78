import type { Part } from "../part.js";
import type { Contents } from "./contents.js";
import type { Documents } from "./documents.js";
import { downloadRoutes } from "./download.js";
import { contentsRoutes } from "./routes.js";

/** The part that keeps documents. */
export function documentsPart(
  contents: Contents,
  documents: Documents,
  options: { bodyLimit: number; baseUrl: string },
): Part {
  return {
    routes: [contentsRoutes(contents, documents, options), downloadRoutes(documents)],
    checks: [{ name: "documents", required: true, ok: async () => Array.isArray(await documents.list("")) }],
    close: async () => {},
  };
}
