import { constants, type Dirent } from "node:fs";
import { access, link, lstat, mkdir, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { ArchitechError } from "@architech/protocol";
import type { Checkpoints, Content, Documents, Entry, WriteOptions } from "../documents.js";
import { folderOf, inside, nameOf } from "../path.js";
import { atomicWrite } from "./atomic-write.js";
import { FileCheckpoints } from "./file-checkpoints.js";
import { entryOf, readFileAt } from "./file-content.js";
import { notFound, Root } from "./root.js";
import { Turns } from "./turns.js";

/** Documents as plain files below a folder. */
export class FileDocuments implements Documents {
  readonly name: string = "files";
  readonly checkpoints: Checkpoints;
  readonly #root: Root;
  readonly #kept: FileCheckpoints;
  readonly #turns = new Turns();

  constructor(folder: string, options: { showHidden?: boolean } = {}) {
    this.#root = new Root(folder, { showHidden: options.showHidden ?? false });
    this.#kept = new FileCheckpoints(this.#root);
    this.checkpoints = this.#kept;
  }

  async stat(path: string): Promise<Entry> {
    return entryAt(path, await this.#root.existing(path));
  }

  async list(folder: string): Promise<Entry[]> {
    const place = await this.#root.existing(folder);
    const found = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOTDIR" ? new ArchitechError("document-invalid", `"${folder}" is not a folder`) : error;
    });
    const shown = found.filter(({ name }) => this.#root.shows(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
    const entryOfOne = (one: Dirent): Promise<Entry> => {
      const path = inside(folder, one.name);
      // What is no link is where it seems to be; should it have become one meanwhile, that is not followed.
      return one.isFile() || one.isDirectory() ? entryAt(path, join(place, one.name), lstat) : this.stat(path);
    };
    // A link that leads nowhere or outside, a socket, a file that has just gone: left out, not an error.
    const entries = await Promise.all(shown.map((one) => entryOfOne(one).catch(() => undefined)));
    return entries.filter((entry) => entry !== undefined);
  }

  async read(path: string): Promise<Content> {
    return readFileAt(path, await this.#root.existing(path));
  }

  async write(path: string, bytes: AsyncIterable<Uint8Array> | Uint8Array, options: WriteOptions = {}): Promise<Entry> {
    const target = await this.#root.place(path);
    const before = await lstat(target).catch(() => undefined);
    if (path === "" || before?.isDirectory()) throw new ArchitechError("document-exists", `"${path}" is a folder`);
    if (before !== undefined && !options.fresh) await writable(target, path);
    await this.#turns.take(target, () =>
      atomicWrite(target, bytes, { commit: () => this.#checkVersion(path, target, options) }),
    );
    return entryAt(path, target);
  }

  async makeFolder(path: string): Promise<Entry> {
    const target = await this.#root.place(path);
    await mkdir(target).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? exists(path) : error;
    });
    return entryAt(path, target);
  }

  async move(from: string, to: string): Promise<Entry> {
    if (from === "" || to === "") throw new ArchitechError("document-invalid", "the root cannot be moved");
    await this.#root.existing(from);
    // The link itself is moved, not what it leads to.
    const source = join(await this.#root.existing(folderOf(from)), nameOf(from));
    const target = join(await this.#root.existing(folderOf(to)), nameOf(to));
    if (source === target) return this.stat(to);
    const isFolder = (await lstat(source)).isDirectory();
    if (isFolder && !relative(source, target).startsWith(`..${sep}`) && relative(source, target) !== "..")
      throw new ArchitechError("document-invalid", `"${from}" cannot be moved into itself`);
    await this.#root.place(to);
    await moveWithoutReplacing(source, target, to, isFolder);
    if (!isFolder) await this.#kept.move(source, target);
    return this.stat(to);
  }

  async remove(path: string): Promise<void> {
    if (path === "") throw new ArchitechError("document-invalid", "the root cannot be removed");
    await this.#root.existing(path).catch((error: ArchitechError) => {
      // A link that leads outside can at least be removed.
      if (error.code !== "path-refused") throw error;
    });
    const place = join(await this.#root.existing(folderOf(path)), nameOf(path));
    const stats = await lstat(place);
    if (stats.isDirectory()) await rm(place, { recursive: true });
    else await unlink(place);
    if (!stats.isDirectory()) await this.#kept.forget(place);
  }

  async workingFolder(path: string): Promise<string | undefined> {
    for (let folder = path; ; folder = folderOf(folder)) {
      const place = await this.#root.existing(folder).catch(() => undefined);
      if (place !== undefined && (await stat(place)).isDirectory()) return place;
      if (folder === "") return undefined;
    }
  }

  async close(): Promise<void> {}

  async #checkVersion(path: string, target: string, { version, fresh }: WriteOptions): Promise<void> {
    if (version === undefined && !fresh) return;
    const now = await entryAt(path, target).catch(() => undefined);
    if (fresh && now !== undefined) throw exists(path);
    if (version !== undefined && now?.version !== version)
      throw new ArchitechError("document-changed", `"${path}" has been changed by somebody else meanwhile`);
  }
}

async function entryAt(path: string, place: string, look: typeof stat | typeof lstat = stat): Promise<Entry> {
  const stats = await look(place, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? notFound(path) : error;
  });
  if (!stats.isFile() && !stats.isDirectory()) throw notFound(path, ": neither a file nor a folder");
  const canWrite = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  return entryOf(path, stats, canWrite);
}

async function writable(target: string, path: string): Promise<void> {
  await access(target, constants.W_OK).catch(() => {
    // A rename would replace even a read-only file.
    throw new ArchitechError("path-refused", `"${path}" is read-only`);
  });
}

/** A rename replaces silently; a hard link refuses, so of two that want one name only one gets it. */
async function moveWithoutReplacing(source: string, target: string, to: string, isFolder: boolean): Promise<void> {
  if (isFolder || (await lstat(source)).isSymbolicLink()) {
    if ((await lstat(target).catch(() => undefined)) !== undefined) throw exists(to);
    await rename(source, target);
    return;
  }
  try {
    await link(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw exists(to);
    // A file system without hard links.
    if ((await lstat(target).catch(() => undefined)) !== undefined) throw exists(to);
    await rename(source, target);
    return;
  }
  await unlink(source);
}

function exists(path: string): ArchitechError {
  return new ArchitechError("document-exists", `"${path}" exists already`);
}
