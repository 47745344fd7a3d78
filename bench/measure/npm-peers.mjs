import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attempted } from "./child.mjs";

/** Packages that ours are compared with. Nobody else needs them, so they are installed by the benchmark, in here. */
const peers = { dependencies: { simscript: "1.0.37", tslab: "1.0.22" }, private: true };

const folder = fileURLToPath(new URL("../build/peers", import.meta.url));

/** The folder of these packages, installed when they are not there; or the reason why not. */
export async function npmPeers() {
  const manifest = join(folder, "package.json");
  const wanted = JSON.stringify(peers);
  if (existsSync(manifest) && readFileSync(manifest, "utf8") === wanted)
    return { folder: join(folder, "node_modules") };
  console.log("installing tslab and simscript into bench/build/peers …");
  mkdirSync(folder, { recursive: true });
  const packages = Object.entries(peers.dependencies).map((entry) => entry.join("@"));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  if ((await attempted(npm, ["install", "--prefix", folder, ...quiet, ...packages])) === undefined)
    return { missing: "npm could not install tslab and simscript" };
  writeFileSync(manifest, wanted);
  return { folder: join(folder, "node_modules") };
}
