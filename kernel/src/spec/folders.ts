import { homedir } from "node:os";
import { join } from "node:path";

/** Where Jupyter looks for what one person installed. */
function userFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env["JUPYTER_DATA_DIR"]) return env["JUPYTER_DATA_DIR"];
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "jupyter");
}

/** Where Jupyter looks for what was installed for all. */
function systemFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "win32") return join(env["PROGRAMDATA"] ?? "C:\\ProgramData", "jupyter");
  return "/usr/local/share/jupyter";
}

/** The folder of a kernelspec: under `prefix` (an environment, say), for this user, or for all. */
export function specFolder(
  name: string,
  place: { prefix?: string; user?: boolean } = {},
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { prefix, user = true } = place;
  const base = prefix
    ? join(prefix, "share", "jupyter")
    : user
      ? userFolder(env, platform)
      : systemFolder(env, platform);
  return join(base, "kernels", name);
}
