import type { Part } from "../part.js";
import type { Answers } from "./answers.js";
import type { Contents } from "./contents.js";
import type { Documents } from "./documents.js";
import { downloadRoutes } from "./download.js";
import { contentsRoutes } from "./routes.js";

/** The part that keeps documents. */
export function documentsPart(
  contents: Contents,
  documents: Documents,
  answers: Answers,
  options: { bodyLimit: number; baseUrl: string },
): Part {
  return {
    routes: [contentsRoutes(contents, documents, answers, options), downloadRoutes(documents)],
    checks: [{ name: "documents", required: true, ok: async () => Array.isArray(await documents.list("")) }],
    measure: (metrics) =>
      metrics.gauge(
        "architech_documents_answered",
        "Documents that were asked for, by whether what is sent was kept from before or read from the store.",
        ["from"],
        async () => [
          { labels: { from: "memory" }, value: answers.counts.kept },
          { labels: { from: "store" }, value: answers.counts.read },
        ],
      ),
    close: async () => {},
  };
}
