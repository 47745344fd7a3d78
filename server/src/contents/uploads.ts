import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";

/** Large files come in chunks, numbered from 1, the last one -1; they are put together here before they are saved whole. */
export class Uploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a chunk; the last one returns the file, which `discard` then removes. */
  async add(path: string, chunk: number, bytes: Buffer): Promise<AsyncIterable<Uint8Array> | undefined> {
    const file = this.#file(path);
    await mkdir(this.#folder, { recursive: true });
    if (chunk === 1) await writeFile(file, bytes, { mode: 0o600 });
    else {
      const begun = await stat(file).catch(() => undefined);
      if (begun === undefined)
        throw new ArchitechError("document-invalid", `chunk ${chunk} of "${path}" came without chunk 1`);
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
