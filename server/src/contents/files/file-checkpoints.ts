import { createReadStream } from "node:fs";
import { mkdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import type { Checkpoint, Checkpoints } from "../documents.js";
import { splitName } from "../path.js";
import { atomicWrite } from "./atomic-write.js";
import type { Root } from "./root.js";

/** One checkpoint a file, as Jupyter keeps it: `.ipynb_checkpoints/<stem>-checkpoint<extension>` beside the file. */
export class FileCheckpoints implements Checkpoints {
  readonly #root: Root;

  constructor(root: Root) {
    this.#root = root;
  }

  async list(path: string): Promise<Checkpoint[]> {
    const kept = await stat(keptAt(await this.#root.existing(path))).catch(() => undefined);
    return kept === undefined ? [] : [{ id: "checkpoint", modified: kept.mtime }];
  }

  async create(path: string): Promise<Checkpoint> {
    const place = await this.#root.existing(path);
    if (!(await stat(place)).isFile()) throw new ArchitechError("document-invalid", `"${path}" is not a file`);
    const kept = keptAt(place);
    await mkdir(dirname(kept), { recursive: true });
    await atomicWrite(kept, createReadStream(place));
    return { id: "checkpoint", modified: (await stat(kept)).mtime };
  }

  async restore(path: string, id: string): Promise<void> {
    const place = await this.#root.existing(path);
    await atomicWrite(place, createReadStream(await this.#kept(path, place, id)));
  }

  async remove(path: string, id: string): Promise<void> {
    const place = await this.#root.existing(path);
    await rm(await this.#kept(path, place, id));
  }

  /** Follows a file that has been moved on the disk. */
  async move(from: string, to: string): Promise<void> {
    const kept = await stat(keptAt(from)).catch(() => undefined);
    if (kept === undefined) return;
    await mkdir(dirname(keptAt(to)), { recursive: true });
    await rename(keptAt(from), keptAt(to));
    await removeIfEmpty(dirname(keptAt(from)));
  }

  /** Forgets the checkpoint of a file that is gone. */
  async forget(place: string): Promise<void> {
    await rm(keptAt(place), { force: true });
    await removeIfEmpty(dirname(keptAt(place)));
  }

  async #kept(path: string, place: string, id: string): Promise<string> {
    const kept = keptAt(place);
    const found = id === "checkpoint" && (await stat(kept).catch(() => undefined)) !== undefined;
    if (!found) throw new ArchitechError("document-not-found", `"${path}" has no checkpoint "${id}"`);
    return kept;
  }
}

function keptAt(place: string): string {
  const [stem, extension] = splitName(basename(place));
  return join(dirname(place), ".ipynb_checkpoints", `${stem}-checkpoint${extension}`);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}
