// Writes THIRD-PARTY-NOTICES.md: every package that is installed to run Architech, with its licence.
// With --check it only says whether the file is up to date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./steps.mjs";

const file = join(root, "THIRD-PARTY-NOTICES.md");
const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

function licence({ license, licenses }) {
  const one = (value) => (typeof value === "string" ? value : value?.type);
  return one(license) ?? licenses?.map(one).join(" OR ") ?? "see the package";
}

/** Rows by licence, from what package-lock.json installs outside development. */
function packages() {
  const byLicence = new Map();
  for (const [path, entry] of Object.entries(read("package-lock.json").packages)) {
    if (!path.includes("node_modules/") || entry.link || entry.dev || entry.devOptional || entry.optional) continue;
    const manifest = join(path, "package.json");
    if (!existsSync(join(root, manifest))) continue;
    const about = read(manifest);
    const names = byLicence.get(licence(about)) ?? new Set();
    byLicence.set(licence(about), names.add(`${about.name} ${about.version}`));
  }
  return byLicence;
}

const sections = [...packages()]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, list]) => `## ${name}\n\n${[...list].sort().join(", ")}\n`);
const text = [
  "# Third-party notices\n",
  "Architech is installed with the packages below; each comes with its own licence text in `node_modules`. This page is written by `node scripts/notices.mjs`.\n",
  ...sections,
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  console.error("THIRD-PARTY-NOTICES.md is out of date: run `node scripts/notices.mjs`");
  process.exitCode = 1;
}
