// node deploy/assemble.mjs FOLDER: puts what runs Architech, and nothing that builds or tests it, into a new folder.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const workspaces = ["lib/protocol", "lib/architech", "kernel", "server"];
const [target] = process.argv.slice(2);
if (target === undefined || existsSync(target)) throw new Error("usage: node deploy/assemble.mjs NEW-FOLDER");
const out = resolve(target);

function copy(path, to = path) {
  mkdirSync(dirname(join(out, to)), { recursive: true });
  cpSync(join(root, path), join(out, to), {
    recursive: true,
    filter: (source) => !/\.(tsbuildinfo|map)$/.test(source),
  });
}

const packageOf = (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

for (const folder of workspaces) {
  copy(join(folder, "package.json"));
  for (const path of packageOf(folder).files) copy(join(folder, path));
}
for (const path of [
  "extension/lab/build",
  "notebooks",
  "package-lock.json",
  ".npmrc",
  "LICENSE",
  "THIRD-PARTY-NOTICES.md",
])
  copy(path);
copy("deploy/healthcheck.mjs", "healthcheck.mjs");

// The lock says the versions of all packages; of its workspaces only those that run are here.
const { devDependencies, scripts, ...house } = packageOf(".");
writeFileSync(join(out, "package.json"), JSON.stringify({ ...house, workspaces }, undefined, 2));
// Not `npm ci`: docs/decisions/npm-install-not-ci.md.
execFileSync("npm", ["install", "--omit=dev", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
  cwd: out,
  stdio: "inherit",
});
