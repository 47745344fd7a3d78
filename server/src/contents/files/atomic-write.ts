import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a whole file: into a hidden temporary file beside it, to the disk, then renamed over it. Whatever goes wrong, the
 * file is the old one or the new one, never half of either. `commit` runs just before the rename and may still refuse.
 */
export async function atomicWrite(
  target: string,
  bytes: AsyncIterable<Uint8Array> | Uint8Array,
  options: { commit?: (temporary: string) => Promise<void>; mode?: number } = {},
): Promise<void> {
  const temporary = join(dirname(target), `.~${basename(target).slice(0, 200)}.${randomBytes(6).toString("hex")}`);
  const mode = options.mode ?? (await modeOf(target));
  try {
    const file = await open(temporary, "wx", mode ?? 0o666);
    try {
      if (mode !== undefined) await file.chmod(mode);
      for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await options.commit?.(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
}

/** A rename is on the disk once its folder is; not every system can be asked for that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is safe.
  }
}
