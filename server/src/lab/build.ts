import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The files of the built lab. */
export interface LabBuild {
  readonly folder: string;
  readonly index: string;
  readonly static: string;
  readonly schemas: string;
  readonly themes: string;
  readonly extensions: string;
}

/** The built lab in this folder (by default the one of this repository), or undefined where it has not been built. */
export function findLab(
  folder: string = fileURLToPath(new URL("../../../extension/lab/build", import.meta.url)),
): LabBuild | undefined {
  const index = join(folder, "index.html");
  if (!existsSync(index)) return undefined;
  return {
    folder,
    index,
    static: join(folder, "static"),
    schemas: join(folder, "schemas"),
    themes: join(folder, "themes"),
    extensions: join(folder, "labextensions"),
  };
}

/** A JSON object that the build may hold; `{}` where it does not. */
export async function readBuildJson(lab: LabBuild, name: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(lab.folder, name), "utf8").catch(() => "{}");
  return JSON.parse(text) as Record<string, unknown>;
}
