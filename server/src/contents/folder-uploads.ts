import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chunkOneMissing, type Uploads } from "./uploads.js";

/** Uploads in a folder of this machine: all chunks of a file come to one process. */
export class FolderUploads implements Uploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(path: string, chunk: number, bytes: Buffer): Promise<AsyncIterable<Uint8Array> | undefined> {
    const file = this.#file(path);
    await mkdir(this.#folder, { recursive: true });
    if (chunk === 1) await writeFile(file, bytes, { mode: 0o600 });
    else {
      const begun = await stat(file).catch(() => undefined);
      if (begun === undefined) throw chunkOneMissing(path, chunk);
      await appendFile(file, bytes);
    }
    return chunk === -1 ? createReadStream(file) : undefined;
  }

  async discard(path: string): Promise<void> {
    await rm(this.#file(path), { force: true });
  }

  #file(path: string): string {
    return join(this.#folder, createHash("sha256").update(path).digest("hex"));
  }
}
