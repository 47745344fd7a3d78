// Compiles the portable source of the engine (src/engine/core) to WebAssembly, with wasm/platform.ts in place of its
// JavaScript platform, and writes it as a module of text: the same file serves Node, workers and browsers.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const core = join(here, "../src/engine/core");
const target = join(here, "../dist/engine/core-code.js");

const options = [
  ...["--outFile", "core.wasm", "--shrinkLevel", "0"],
  ...["--runtime", "stub", "--importMemory", "--noAssert", "--uncheckedBehavior", "always"],
];

/**
 * The module's bytes. `extended`: with the instructions from 40 on; their mere presence would cost those models that do
 * without them 5 to 8 %. `checked`: with a check of every place that is read or written.
 */
export async function compileCore({ extended = true, checked = false } = {}) {
  // What checks is run a little: to make it quick would take a minute.
  const optimised = checked ? ["--optimizeLevel", "1"] : ["--optimizeLevel", "3", "--converge"];
  const defined = [...(extended ? ["ARCHITECH_EXTENDED=1"] : []), ...(checked ? ["ARCHITECH_CHECKED=1"] : [])];
  const { default: asc } = await import("assemblyscript/asc");
  const { default: binaryen } = await import("binaryen");
  // Each variable keeps a local of its own: what is known of one is not lost in another (src/engine/specialise).
  binaryen.addPassToSkip("coalesce-locals");
  let wasm;
  const { error, stderr } = await asc.main(
    ["index.ts", ...options, ...optimised, ...defined.flatMap((name) => ["--use", name])],
    {
      readFile(name) {
        const path = name === "platform.ts" ? join(here, "platform.ts") : join(core, name);
        // The compiler knows its modules without an ending.
        return existsSync(path) ? readFileSync(path, "utf8").replace(/from "(\.\/[\w-]+)\.js"/g, 'from "$1"') : null;
      },
      writeFile(name, contents) {
        if (name === "core.wasm") wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`the engine does not compile to WebAssembly:\n${stderr}`);
  return wasm;
}

/** Hash of everything that the module is made from. */
function inputs() {
  const hash = createHash("sha256").update(`${options.join(" ")} ${compileCore}`);
  for (const folder of [core, here])
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

async function build() {
  const stamp = `// ${inputs()}\n`;
  if (existsSync(target) && readFileSync(target, "utf8").startsWith(stamp))
    return console.log("the engine is up to date");
  const lean = await compileCore({ extended: false });
  const extended = await compileCore();
  mkdirSync(join(target, ".."), { recursive: true });
  const text = (name, wasm) => `export const ${name} =\n  "${Buffer.from(wasm).toString("base64")}";\n`;
  writeFileSync(target, `${stamp}${text("lean", lean)}${text("extended", extended)}`);
  const size = ({ length }) => `${(length / 1024).toFixed(1)} KB`;
  console.log(`the engine as WebAssembly: ${size(lean)}, with every instruction ${size(extended)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
