// What `npm start` and `npm test` need first: packages installed and everything stale built. Does nothing twice.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec, node, root } from "./steps.mjs";

/** TypeScript's own compiler that is native code. */
export const compiler = "node_modules/typescript-native/bin/tsc";

const oldest = [20, 19];

/** Throws one line that says what to do when Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw new Error(`node ${process.versions.node} is too old: install node ${oldest.join(".")} or newer`);
}

// What was installed last, kept inside node_modules so that deleting the folder forgets it.
const stamp = join(root, "node_modules", ".architech-installed");

const wanted = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest("hex");

/** Installs the packages that package-lock.json names, unless they are there. */
async function install() {
  const hash = wanted();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return "up to date";
  // Not `npm ci`: the lock may lack other platforms' optional binaries, which it refuses and `install` just adds.
  await exec("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, hash);
}

/** Compiles the TypeScript that changed, in a tenth of the time that the compiler in JavaScript takes, which kernels use. */
const compile = () => node([compiler, "-b"]).then(() => undefined);

/** Compiles the engine's core to WebAssembly when its sources changed; says "up to date" itself otherwise. */
const engine = () => node(["lib/architech/wasm/build.mjs"]).then(() => undefined);

/** Puts the library's modules into a few files when they changed; says "up to date" itself otherwise. */
const bundle = () => node(["lib/architech/bundle.mjs"]).then(() => undefined);

/** Builds the lab when its sources changed; says "up to date" itself otherwise. */
const lab = () => node(["extension/lab/build.mjs"]).then(() => undefined);

/** The steps that make a fresh clone ready. */
export const setup = [
  { title: "install packages", run: install },
  { title: "compile", run: compile },
  { title: "compile the engine", run: engine },
  { title: "bundle the library", run: bundle },
  { title: "build the lab", run: lab },
];

/** The steps for what needs neither engine nor lab. */
export const compiled = setup.slice(0, 2);
