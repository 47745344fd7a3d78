// npm run demos: executes the demos, or those named, and writes them back with their outputs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { demos } from "./demos.js";
import { executeNotebook } from "./execute.js";
import { root, startLab } from "./lab.js";

const named = process.argv.slice(2);
const lab = await startLab();
try {
  for (const name of demos.filter((demo) => named.length === 0 || named.includes(demo))) {
    const path = join(root, "notebooks", name);
    const kernel = await lab.kernels.startNew({ name: "architech" });
    const start = performance.now();
    const executed = await executeNotebook(kernel, JSON.parse(readFileSync(path, "utf8")) as INotebookContent);
    await kernel.shutdown();
    writeFileSync(path, `${JSON.stringify(executed, undefined, 1)}\n`);
    console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
} finally {
  await lab.stop();
}
process.exit();
