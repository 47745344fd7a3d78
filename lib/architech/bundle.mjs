// Puts the compiled modules of src, several hundred, into a few files: Node takes a third of the time to import them.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, version } from "esbuild";

const compiled = fileURLToPath(new URL("dist", import.meta.url));
const target = fileURLToPath(new URL("build/bundle", import.meta.url));
const stampFile = join(target, "inputs.txt");

// Modules that start a thread name its file beside themselves: so the files of threads are beside the others here too.
const entries = {
  index: "index.js",
  core: "core.js",
  host: "host.js",
  worker: "run/worker.js",
  "part-worker": "run/part-worker.js",
};

/** Hash of everything that the bundle is made from. */
function inputs() {
  const hash = createHash("sha256")
    .update(version)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(compiled, { recursive: true }).sort())
    if (name.endsWith(".js")) hash.update(name).update(readFileSync(join(compiled, name)));
  return hash.digest("hex");
}

const stamp = inputs();
if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp)
  console.log("the library's bundle is up to date");
else {
  rmSync(target, { recursive: true, force: true });
  await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(compiled, path)])),
    outdir: target,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // One instance of each package for everybody: an error of the protocol is one wherever it was thrown.
    packages: "external",
    sourcemap: "linked",
    logLevel: "warning",
  });
  writeFileSync(stampFile, stamp);
}
