import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./places.js";
import { start } from "./program.js";

/** What the tests of stock Jupyter can do nothing without. */
export const jupyterWanted = "a Python with jupyterlab and nbclient (name it in ARCHITECH_TEST_PYTHON)";

/** A Python that has them. */
export function findPython(): string | undefined {
  const own = join(root, ".venv/bin/python");
  const python = process.env["ARCHITECH_TEST_PYTHON"] ?? (existsSync(own) ? own : "python3");
  try {
    execFileSync(python, ["-c", "import jupyterlab, nbclient"], { stdio: "ignore" });
    return python;
  } catch {
    return undefined;
  }
}

/** A Jupyter that has our kernel and nothing else of ours, and that leaves nothing outside its own folder. */
export interface StockJupyter {
  readonly documents: string;
  /** Starts JupyterLab; call it once. */
  startLab(): Promise<{ readonly url: string; readonly token: string }>;
  /** Adds the prebuilt extensions; a page that is loaded afterwards has them. */
  addExtensions(): Promise<void>;
  /** Runs a Python script in it. */
  script(code: string, ...args: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Installs the kernel by its command into a new environment. */
export async function stockJupyter(python: string): Promise<StockJupyter> {
  const folder = await mkdtemp(join(tmpdir(), "architech-stock-"));
  const [documents, config, share] = ["documents", "config", "share/jupyter"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [documents, config, share]) await mkdir(made, { recursive: true });
  const run = promisify(execFile);
  await run(process.execPath, [join(root, "server/bin/architech.js"), "kernel", "install", "--prefix", folder]);
  // Asks for no newer version and no news, and does not offer them.
  const quiet = { LabApp: { news_url: null, check_for_updates_class: "jupyterlab.NeverCheckForUpdate" } };
  await writeFile(join(config, "jupyter_server_config.json"), JSON.stringify(quiet));
  const settings = join(folder, "settings/@jupyterlab/apputils-extension");
  await mkdir(settings, { recursive: true });
  await writeFile(
    join(settings, "notification.jupyterlab-settings"),
    JSON.stringify({ checkForUpdates: false, fetchNews: "false" }),
  );
  const env = {
    ...process.env,
    JUPYTER_CONFIG_DIR: config,
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTER_PATH: share,
    JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
  };
  let stop: () => Promise<void> = async () => {};
  return {
    documents,
    async startLab() {
      const args = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", `--notebook-dir=${documents}`];
      const lab = await start(python, ["-m", "jupyterlab", ...args], /http:\/\/127\.0\.0\.1:(\d+)\/lab\?token=(\w+)/, {
        env,
      });
      stop = lab.stop;
      const [, port, token] = lab.found;
      return { url: `http://127.0.0.1:${port}/`, token: token as string };
    },
    async addExtensions() {
      await run(process.execPath, [join(root, "extension/lab/labextension.mjs")]);
      await cp(join(root, "extension/lab/build/prebuilt/@architech"), join(share, "labextensions/@architech"), {
        recursive: true,
      });
    },
    async script(code, ...args) {
      await run(python, ["-c", code, ...args], { env, cwd: documents });
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
