// Builds charts and diagrams as prebuilt extensions for a stock JupyterLab, into build/prebuilt/@architech/…
// Copy that folder into share/jupyter/labextensions. Does nothing when nothing that it depends on has changed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputsHash } from "./assembly/inputs.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stamp = join(root, "extension/lab/build/prebuilt/stamp");
const inputs = inputsHash(root);

if (!process.argv.includes("--force") && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) {
  console.log("the prebuilt extensions are up to date");
} else {
  rmSync(stamp, { force: true });
  for (const name of ["charts", "diagrams"]) build(name);
  writeFileSync(stamp, inputs);
}

function build(name) {
  const tool = join(root, "node_modules/@jupyter/builder/lib/build-labextension.js");
  const core = join(root, "node_modules/@jupyterlab/core-meta/core.package.json");
  const folder = join(root, "extension", name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, "--core-package-file", core, folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name} could not be built:\n${stdout}${stderr}`);
  console.log(`@architech/${name} is built`);
}
