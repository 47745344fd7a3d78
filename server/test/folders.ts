import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** A fresh folder, removed when all tests are done. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "architech-test-"));
  made.push(folder);
  return folder;
}

after(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});
