import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@architech/test-tools";

const root = fileURLToPath(new URL("../..", import.meta.url));
const address = /http:\/\/127\.0\.0\.1:\d+\/lab\S*/;

/** Labs to start: each a function that gives a command, for folders that were used before. */
export async function contestants(folder) {
  const jupyter = join(dirname(process.env.ARCHITECH_BENCH_PYTHON ?? join(root, ".venv/bin/python")), "jupyter-lab");
  const places = ["documents", "data", "jupyter"].map((name) => join(folder, name));
  for (const place of places) await mkdir(place);
  const [documents, data, settings] = places;
  return [
    {
      name: "npm start",
      address,
      async command() {
        const args = ["--no-browser", "--port", String(await freePort()), "--root", documents, "--data", data];
        return { program: process.platform === "win32" ? "npm.cmd" : "npm", args: ["start", "--", ...args] };
      },
      options: { cwd: root },
    },
    {
      name: "jupyter lab",
      missing: existsSync(jupyter) ? undefined : "there is no jupyter-lab beside the Python of ARCHITECH_BENCH_PYTHON",
      address,
      async command() {
        const port = String(await freePort());
        const args = ["--no-browser", "--allow-root", `--port=${port}`, `--ServerApp.root_dir=${documents}`];
        return { program: jupyter, args };
      },
      options: {
        cwd: documents,
        env: {
          ...process.env,
          JUPYTER_CONFIG_DIR: settings,
          JUPYTER_DATA_DIR: settings,
          JUPYTER_RUNTIME_DIR: settings,
        },
      },
    },
  ];
}
