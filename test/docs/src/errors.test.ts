import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ErrorCode, errorCodes } from "@architech/protocol";
import { statusOf } from "../../../server/dist/http/errors.js";
import { sectionOf, tableRowsOf } from "./markdown.js";
import { page, root } from "./pages.js";

const { text } = page("docs/errors.md");
/** The page's rows: code, meaning, status, what to do. */
const rows = tableRowsOf(text).filter(([code = ""]) => /^`[a-z-]+`$/.test(code));
const codeOf = ([code = ""]: readonly string[]): string => code.replaceAll("`", "");

/** Everything that is compiled, but the list of codes and their statuses. */
function sources(): string {
  const rooms = ["lib/protocol", "lib/architech", "kernel", "server", "extension/charts", "extension/diagrams"];
  return rooms
    .flatMap((room) =>
      readdirSync(join(root, room, "src"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(room, "src", name).replaceAll("\\", "/")),
    )
    .filter((name) => name !== "lib/protocol/src/errors.ts")
    .map((name) => readFileSync(join(root, name), "utf8"))
    .join("\n")
    .replace(/const statusOfCode[\s\S]*?\n};/, "");
}

describe("errors", () => {
  it("the page has every code, once, and no other", () => {
    assert.deepEqual(rows.map(codeOf).sort(), [...errorCodes].sort());
  });

  it("the page gives each code the status that the server answers with", () => {
    for (const row of rows) {
      const [, , status = ""] = row;
      if (status === "–") continue;
      assert.equal(status, String(statusOf(codeOf(row) as ErrorCode)), codeOf(row));
    }
  });

  it("no code is unused in the source but those that the page calls unused", () => {
    const source = sources();
    const unused = errorCodes.filter((code) => !source.includes(`"${code}"`));
    const section = sectionOf(text, "Not in use") ?? "";
    assert.deepEqual(unused, tableRowsOf(section).map(codeOf).sort());
  });
});
