// Kernels without a language, which answer at once: what is measured is the way to them.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const echoKernel = fileURLToPath(new URL("../server/build/test/kernels/echo-kernel.js", import.meta.url));

/** Writes what Jupyter knows a kernel by; the environment in which it is found. */
export async function echoKernels(folder) {
  if (!existsSync(echoKernel)) throw new Error("the server's tests are not built: npm run build");
  const specs = join(folder, "kernels", "echo");
  await mkdir(specs, { recursive: true });
  const argv = [process.execPath, echoKernel, "{connection_file}"];
  const spec = { display_name: "Echo", language: "text", interrupt_mode: "message", argv };
  await writeFile(join(specs, "kernel.json"), JSON.stringify(spec));
  return { JUPYTER_PATH: folder };
}
