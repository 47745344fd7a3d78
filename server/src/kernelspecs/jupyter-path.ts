import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The folders that may hold `kernels/<name>/kernel.json`, the first one wins: JUPYTER_PATH, the user's, the environment's, the system's. */
export function jupyterPath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const environments = [env["VIRTUAL_ENV"], env["CONDA_PREFIX"]].filter(
    (prefix) => prefix !== undefined && prefix !== "",
  );
  return [
    ...(env["JUPYTER_PATH"]?.split(delimiter).filter(Boolean) ?? []),
    ...environments.map((prefix) => join(prefix!, "share", "jupyter")),
    userFolder(env, platform),
    ...systemFolders(env, platform),
  ];
}

function userFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env["JUPYTER_DATA_DIR"]) return env["JUPYTER_DATA_DIR"];
  const home = env["HOME"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env["APPDATA"] ?? home, "jupyter");
  return join(env["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "jupyter");
}

function systemFolders(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === "win32") return [join(env["PROGRAMDATA"] ?? "C:\\ProgramData", "jupyter")];
  return ["/usr/local/share/jupyter", "/usr/share/jupyter"];
}
