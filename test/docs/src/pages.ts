import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../../..", import.meta.url));

/** One page of the documents. */
export interface Page {
  /** From the root: "docs/guide/runs.md". */
  readonly path: string;
  readonly text: string;
}

/** A page by its path. */
export function page(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** Every page of the documents: the README, the changelog and all below docs. */
export const pages: readonly Page[] = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => relative(root, join(root, "docs", name)).replaceAll("\\", "/"))
    .sort(),
].map(page);

/** Those whose examples are run: the README and the guide. */
export const guides: readonly Page[] = pages.filter(
  ({ path }) => path === "README.md" || path.startsWith("docs/guide/"),
);
