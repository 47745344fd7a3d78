import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { page } from "./pages.js";

const folder = new URL("../../../lib/architech/test/truth/", import.meta.url);

describe("the page of truth", () => {
  it("has a row for each test of truth: node scripts/truth.mjs writes it", () => {
    const { text } = page("docs/guide/truth.md");
    for (const name of readdirSync(folder).filter((name) => name.endsWith(".test.ts"))) {
      const source = readFileSync(new URL(name, folder), "utf8");
      for (const [, title = ""] of source.matchAll(/^ {2}it\("((?:[^"\\]|\\.)*)"/gm))
        assert.ok(text.includes(`| ${title}`), `${name}: "${title}" is not on the page`);
    }
  });
});
