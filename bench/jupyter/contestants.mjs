import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@architech/test-tools";

const root = fileURLToPath(new URL("../..", import.meta.url));
const address = /http:\/\/127\.0\.0\.1:\d+/;
const notebook = join(root, "notebooks/first-what-if.ipynb");

/** Servers to start, each over the same documents: `read.ipynb`, and the folder `many` with a hundred notebooks. */
export async function contestants(folder) {
  const python = dirname(process.env.ARCHITECH_BENCH_PYTHON ?? join(root, ".venv/bin/python"));
  const jupyter = join(python, "jupyter-server");
  const [documents, data, settings] = ["documents", "data", "jupyter"].map((name) => join(folder, name));
  for (const place of [join(documents, "many"), data, settings]) await mkdir(place, { recursive: true });
  await copyFile(notebook, join(documents, "read.ipynb"));
  for (let i = 0; i < 100; i++) await copyFile(notebook, join(documents, "many", `notebook-${i}.ipynb`));
  const env = {
    ...process.env,
    JUPYTER_CONFIG_DIR: settings,
    JUPYTER_DATA_DIR: settings,
    JUPYTER_RUNTIME_DIR: settings,
    JUPYTER_PATH: join(dirname(python), "share/jupyter"),
  };
  const missing = existsSync(jupyter)
    ? undefined
    : "there is no jupyter-server beside the Python of ARCHITECH_BENCH_PYTHON";
  return [
    {
      name: "architech serve",
      address,
      async command() {
        const program = join(root, "server/bin/architech.js");
        const places = ["--root", documents, "--data", data];
        const args = [program, "serve", ...places, "--port", String(await freePort()), "--token", "bench"];
        return { program: process.execPath, args };
      },
      options: { cwd: documents, env },
    },
    {
      name: "jupyter_server",
      missing,
      address,
      async command() {
        const port = String(await freePort());
        const places = [`--port=${port}`, `--ServerApp.root_dir=${documents}`];
        const args = ["--no-browser", "--allow-root", ...places, "--IdentityProvider.token=bench"];
        return { program: jupyter, args };
      },
      options: { cwd: documents, env },
    },
  ];
}
