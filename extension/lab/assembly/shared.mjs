// Which packages a prebuilt extension finds in the lab instead of bringing its own: exactly those that the build tool
// of such extensions leaves out because JupyterLab has them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import core from "@jupyterlab/core-meta/core.package.json" with { type: "json" };
import { packages } from "./plugins.mjs";

/** Names the shared packages that are installed, each at its installed version or newer. */
export function shared(root) {
  const names = new Set([
    ...Object.keys(core.dependencies),
    ...Object.keys(core.resolutions),
    ...core.jupyterlab.singletonPackages,
  ]);
  const singletons = new Set(core.jupyterlab.singletonPackages);
  const entries = [];
  for (const name of names) {
    const file = join(root, "node_modules", name, "package.json");
    if (!existsSync(file) || isData(name) || (name.endsWith("-extension") && !packages.includes(name))) continue;
    const { version } = JSON.parse(readFileSync(file, "utf8"));
    entries.push([name, { requiredVersion: `^${version}`, singleton: singletons.has(name) }]);
  }
  return Object.fromEntries(entries);
}

/** Packages without a module. */
const isData = (name) => name === "@jupyterlab/core-meta" || name === "@jupyterlab/nbconvert-css";
