import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { sectionOf, tableRowsOf } from "./markdown.js";
import { page, root } from "./pages.js";

/** Flags that a text names, in order and once each. */
const flagsIn = (text: string): string[] => [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [])].sort();

const helpOf = (command: string): string =>
  spawnSync(process.execPath, [join(root, "server/bin/architech.js"), command, "--help"], { encoding: "utf8" }).stdout;

/** The flags that a section of the page lists: the first cells of its tables. */
function listed(heading: string): string[] {
  const section = sectionOf(page("docs/guide/server.md").text, heading);
  assert.ok(section !== undefined, `docs/guide/server.md has no section "${heading}"`);
  return tableRowsOf(section).flatMap(([first = ""]) => flagsIn(first));
}

describe("flags", () => {
  const ofServers = (): string[] => listed("Flags of lab and serve");
  const sorted = (flags: readonly string[]): string[] => [...new Set(flags)].sort();

  it("the page lists the flags of architech lab", () => {
    assert.deepEqual(sorted([...listed("architech lab"), ...ofServers()]), flagsIn(helpOf("lab")));
  });

  it("the page lists the flags of architech serve", () => {
    assert.deepEqual(sorted([...listed("architech serve"), ...ofServers()]), flagsIn(helpOf("serve")));
  });

  it("the page lists the flags of architech run", () => {
    assert.deepEqual(sorted(listed("architech run")), flagsIn(helpOf("run")));
  });

  it("the page lists the flags of architech kernel", () => {
    assert.deepEqual(sorted(listed("architech kernel")), flagsIn(helpOf("kernel")));
  });
});
