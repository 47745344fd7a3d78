import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Contents } from "../contents/contents.js";
import type { Documents } from "../contents/documents.js";
import { inside } from "../contents/path.js";
import { house } from "./folders.js";

/** The folder that demos are put into. */
const demosFolder = "Demos";

const kinds = new Set([".ipynb", ".json", ".md", ".csv", ".svg", ".png", ".ts"]);

/** Copies the demos of this checkout into a folder of the person's own, unless there is one; returns how many. */
export async function seedDemos(
  documents: Documents,
  contents: Contents,
  source: string = join(house, "notebooks"),
): Promise<number> {
  const present = await documents.stat(demosFolder).catch(() => undefined);
  const names = (await readdir(source).catch(() => [])).filter((name) => kinds.has(extname(name))).sort();
  if (present !== undefined || names.length === 0) return 0;
  await documents.makeFolder(demosFolder);
  for (const name of names) {
    const path = inside(demosFolder, name);
    await documents.write(path, await readFile(join(source, name)));
    // Their outputs come with this program, so they are shown as if run here.
    if (name.endsWith(".ipynb")) await contents.trust(path);
  }
  return names.length;
}
