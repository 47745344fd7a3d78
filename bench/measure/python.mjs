import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attempted } from "./child.mjs";

const folder = fileURLToPath(new URL("../.venv", import.meta.url));
const requirements = fileURLToPath(new URL("../requirements.txt", import.meta.url));
const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const stamp = join(folder, "requirements.txt");

/** A Python with the peers that requirements.txt pins, installed when they are not there; or the reason why not. */
export async function pythonPeers() {
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return { python };
  const base = process.env.ARCHITECH_BENCH_PYTHON ?? "python3";
  if ((await attempted(base, ["--version"])) === undefined) return { missing: "there is no Python (python3)" };
  console.log("installing SimPy and Ciw into bench/.venv …");
  if ((await attempted(base, ["-m", "venv", folder])) === undefined)
    return { missing: "Python cannot make a virtual environment (python3-venv)" };
  if ((await attempted(python, ["-m", "pip", "install", "--quiet", "-r", requirements])) === undefined)
    return { missing: "pip could not install bench/requirements.txt" };
  writeFileSync(stamp, wanted);
  return { python };
}
