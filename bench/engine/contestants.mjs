import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { attempted, measured } from "../measure/child.mjs";
import { npmPeers } from "../measure/npm-peers.mjs";
import { pythonPeers } from "../measure/python.mjs";
import { ssj } from "../measure/ssj.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const script = fileURLToPath(new URL("./architech-bench.mjs", import.meta.url));

/**
 * Who takes part, and who cannot and why. Each runs in a process of its own that prints the requests it simulated,
 * the CPU seconds that took and the mean sojourn; `requests` is how many take it a second or two.
 */
export async function contestants() {
  const { python, missing } = await pythonPeers();
  const npm = await npmPeers();
  const java = await ssj();
  return [
    {
      name: "Architech",
      requests: { mm1: 5_000_000, mm8: 5_000_000, micro: 500_000 },
      run: (...args) => measured(process.execPath, [script, ...args]),
    },
    {
      name: "SimPy",
      missing,
      requests: { mm1: 60_000, mm8: 60_000, micro: 10_000 },
      run: (...args) => measured(python, [path("simpy_bench.py"), ...args]),
    },
    {
      name: "Ciw",
      missing,
      requests: { mm1: 40_000, mm8: 40_000 },
      run: (...args) => measured(python, [path("ciw_bench.py"), ...args]),
    },
    {
      name: "SSJ",
      missing: java.missing,
      requests: { mm1: 2_000_000, mm8: 2_000_000 },
      run: (...args) => measured("java", ["-cp", java.classPath, "SsjBench", ...args]),
    },
    {
      name: "simscript",
      missing: npm.missing,
      requests: { mm1: 40_000, mm8: 20_000 },
      run: (...args) => measured(process.execPath, [path("simscript-bench.cjs"), ...args, npm.folder]),
    },
    {
      name: "C++, specialised",
      missing: await compileLimit(),
      requests: { mm1: 5_000_000, mm8: 5_000_000, micro: 500_000 },
      run: (model, ...args) => measured(path(`../build/limit/${model}`), args),
    },
  ];
}

/** Compiles the limit; gives the reason when it cannot. */
async function compileLimit() {
  if ((await attempted("g++", ["--version"])) === undefined) return "there is no C++ compiler (g++)";
  mkdirSync(path("../build/limit"), { recursive: true });
  for (const model of ["mm1", "mm8", "micro"]) {
    const args = ["-O3", "-march=native", "-std=c++17", "-w", path(`limit/${model}.cpp`)];
    const compiled = await attempted("g++", [...args, "-o", path(`../build/limit/${model}`)]);
    if (compiled === undefined) return `g++ could not compile ${model}.cpp`;
  }
  return undefined;
}
