import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { folderOf, isHidden, nameOf } from "../path.js";

/** The folder that all documents are in, and the way from their paths to the disk that never leads out of it. */
export class Root {
  readonly #given: string;
  readonly #showHidden: boolean;

  constructor(folder: string, options: { showHidden: boolean }) {
    this.#given = folder;
    this.#showHidden = options.showHidden;
  }

  /** Where an existing file or folder is, symbolic links followed; `path-refused` when they lead outside. */
  async existing(path: string): Promise<string> {
    this.#checkHidden(path);
    const root = await realpath(this.#given);
    const real = await realpath(join(root, path)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" || error.code === "ENOTDIR" ? notFound(path) : error;
    });
    return this.#within(root, real, path);
  }

  /** Where a file is or would be: its folder exists, and what it is a link to is inside too. */
  async place(path: string): Promise<string> {
    this.#checkHidden(path);
    const folder = await this.existing(folderOf(path));
    const target = join(folder, nameOf(path));
    // A link that leads to nothing cannot be followed, and writing through it could create a file outside.
    const found = await lstat(target).catch(() => undefined);
    if (!found?.isSymbolicLink()) return target;
    const real = await realpath(target).catch(() => undefined);
    if (real === undefined) throw new ArchitechError("path-refused", `"${path}" is a link that leads to nothing`);
    return this.#within(await realpath(this.#given), real, path);
  }

  /** Whether a name in a listing is shown. */
  shows(name: string): boolean {
    return this.#showHidden ? !name.startsWith(".~") : !name.startsWith(".");
  }

  #within(root: string, real: string, path: string): string {
    if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
    throw new ArchitechError("path-refused", `"${path}" leads outside the root`);
  }

  #checkHidden(path: string): void {
    if (!this.#showHidden && isHidden(path)) throw notFound(path, ": hidden files are not served");
  }
}

/** The error for a document that is not there. */
export function notFound(path: string, why = ""): ArchitechError {
  return new ArchitechError("document-not-found", `no document "${path}"${why}`);
}
