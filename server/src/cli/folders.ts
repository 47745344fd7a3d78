import { randomBytes } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "@architech/kernel";
import { ArchitechError } from "@architech/protocol";

/** The checkout that this command runs from. */
export const house: string = fileURLToPath(new URL("../../..", import.meta.url));

/** Where this program keeps its data when it is not told: ARCHITECH_DATA, or the platform's place. */
export function defaultDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env["ARCHITECH_DATA"]) return env["ARCHITECH_DATA"];
  const home = env["HOME"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "architech");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? home, "architech");
  return join(env["XDG_DATA_HOME"] || join(home, ".local", "share"), "architech");
}

/** The data folder, made where it is missing; throws `data-not-writable`. */
export async function prepareData(folder: string): Promise<string> {
  const data = resolve(folder);
  const probe = join(data, `.probe-${randomBytes(4).toString("hex")}`);
  try {
    await makeFolder(data, { mode: 0o700 });
    await writeFile(probe, "");
    await rm(probe);
    return data;
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new ArchitechError(
      "data-not-writable",
      `the data folder ${data} cannot be written (${why}): name another with --data or ARCHITECH_DATA`,
      { cause },
    );
  }
}

/** The folder of documents; throws `root-missing`. Without one given it is the current folder, but never this checkout. */
export async function prepareRoot(given: string | undefined, data: string): Promise<string> {
  const here = process.cwd();
  if (given === undefined && resolve(here) === resolve(house)) {
    const own = join(data, "documents");
    await mkdir(own, { recursive: true });
    return own;
  }
  const root = resolve(given ?? here);
  const isFolder = await stat(root).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ArchitechError("root-missing", `no folder ${root}: make it, or name another with --root`);
  return root;
}
