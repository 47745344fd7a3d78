// What the built lab depends on, as one hash: the lock file, the assembly itself and the compiled code of our packages.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const folders = [
  "extension/lab/app",
  "extension/lab/assembly",
  "extension/lab/dist",
  "extension/lab/style",
  "extension/charts/dist",
  "extension/charts/style",
  "extension/diagrams/dist",
  "extension/diagrams/style",
  "lib/protocol/dist",
  "lib/architech/dist",
];
const files = [
  "package-lock.json",
  "extension/lab/build.mjs",
  "extension/lab/package.json",
  "extension/lab/page-config.json",
  "extension/lab/overrides.json",
  "extension/charts/package.json",
  "extension/diagrams/package.json",
];

// A source map or a declaration changes nothing that the browser runs.
const counts = (name) => !/\.(map|d\.ts|tsbuildinfo)$/.test(name);

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (counts(entry.name)) yield path;
  }
}

/** Hash of names and contents. Throws when something that should have been compiled is missing. */
export function inputsHash(root) {
  const hash = createHash("sha256");
  const paths = [
    ...files.map((file) => join(root, file)),
    ...folders.flatMap((folder) => [...walk(join(root, folder))]),
  ];
  for (const path of paths) hash.update(relative(root, path)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}
