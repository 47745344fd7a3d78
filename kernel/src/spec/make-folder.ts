import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder, and those above it, unless it is there; throws what the file system says. Not by `recursive`, with
 * which Node tries for ever where nothing can be made, as below /proc.
 */
export async function makeFolder(folder: string, options: { readonly mode?: number } = {}): Promise<void> {
  try {
    await mkdir(folder, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (code !== "ENOENT" || (await stat(dirname(folder)).catch(() => undefined)) !== undefined) throw error;
    await makeFolder(dirname(folder), options);
    await mkdir(folder, options);
  }
}
