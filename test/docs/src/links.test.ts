import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { anchorsOf, linksOf } from "./markdown.js";
import { pages, root } from "./pages.js";

/** What is wrong with a link of a page, if anything. */
function fault(from: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(root, from) : join(root, dirname(from), decodeURI(path));
  if (!existsSync(file)) return "there is no such file";
  if (anchor === undefined) return undefined;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? undefined : "the page has no such heading";
}

const rooms = [
  "lib/protocol/src",
  "lib/architech/src",
  "kernel/src",
  "server/src",
  "extension/charts/src",
  "extension/diagrams/src",
  "extension/lab/src",
  "scripts",
];

describe("links", () => {
  for (const { path, text } of pages)
    it(`${path} links only to what there is`, () => {
      const broken = linksOf(text).flatMap(({ target, line }) => {
        const why = fault(path, target);
        return why === undefined ? [] : [`${path}:${line} ${target}: ${why}`];
      });
      assert.deepEqual(broken, []);
    });

  it("every page that a comment in the source refers to exists", () => {
    const missing = rooms.flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(ts|mjs)$/.test(name))
        .flatMap((name) => readFileSync(join(root, room, name), "utf8").match(/(?<![\w/])docs\/[\w/-]+\.md/g) ?? [])
        .filter((path) => !existsSync(join(root, path))),
    );
    assert.deepEqual(missing, []);
  });

  it("every decision is in the index of decisions", () => {
    const [index] = pages.filter(({ path }) => path === "docs/decisions/README.md");
    const named = linksOf(index?.text ?? "").map(({ target }) => target);
    const decisions = pages
      .filter(({ path }) => path.startsWith("docs/decisions/") && !path.endsWith("/README.md"))
      .map(({ path }) => path.slice("docs/decisions/".length));
    assert.deepEqual(
      decisions.filter((name) => !named.includes(name)),
      [],
    );
  });
});
