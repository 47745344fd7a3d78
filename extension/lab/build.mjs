// Assembles the lab from npm packages into build/. Does nothing when nothing that it depends on has changed.
// `node extension/lab/build.mjs [--force] [--development]`
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compress } from "./assembly/compress.mjs";
import { inputsHash } from "./assembly/inputs.mjs";
import { writePage } from "./assembly/page.mjs";
import { packages, pluginsModule } from "./assembly/plugins.mjs";
import { bundle, labConfig } from "./assembly/rspack.mjs";

const require = createRequire(import.meta.url);
const { Build } = require("@jupyter/builder");

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const target = join(here, "build");
// Built beside and moved into place, so that a build that breaks leaves the old lab standing.
const fresh = join(here, "build/.fresh");
const work = join(here, "build/.work");
const stamp = join(target, "stamp");

const mode = process.argv.includes("--development") ? "development" : "production";
const inputs = `${mode} ${inputsHash(root)}`;

if (!process.argv.includes("--force") && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) {
  console.log("the lab is up to date");
} else {
  await build();
}

async function build() {
  const start = performance.now();
  const say = (text) => console.log(`lab: ${text} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  for (const folder of [fresh, work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const themes = Build.ensureAssets({ packageNames: packages, output: work, schemaOutput: fresh, themeOutput: fresh });
  writeFileSync(join(work, "plugins.js"), pluginsModule());
  say(`bundling ${packages.length} extensions for ${mode}`);

  const folders = { root, work, app: join(here, "app"), output: join(fresh, "static") };
  const stats = await bundle([labConfig(folders, { mode }), ...themes]);
  const lab = stats.stats[0].toJson({ all: false, entrypoints: true, assets: true, warnings: true });
  for (const warning of lab.warnings) console.warn(warning.message);
  writePage(join(here, "app/index.html"), join(fresh, "index.html"), lab);
  for (const name of ["page-config.json", "overrides.json"]) cpSync(join(here, name), join(fresh, name));

  if (mode === "production") {
    say("compressing");
    const { plain, packed } = await compress(fresh);
    const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);
    say(`${megabytes(plain)} MB of text, ${megabytes(packed)} MB compressed`);
  }
  // The stamp goes first and comes back last: a move that is broken off shows as stale.
  rmSync(stamp, { force: true });
  for (const name of ["static", "schemas", "themes", "index.html", "page-config.json", "overrides.json"]) {
    rmSync(join(target, name), { recursive: true, force: true });
    renameSync(join(fresh, name), join(target, name));
  }
  for (const folder of [fresh, work]) rmSync(folder, { recursive: true, force: true });
  writeFileSync(stamp, inputs);
  say("ready");
}
