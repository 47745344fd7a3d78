import { ArchitechError } from "@architech/protocol";
import { bytesOf, collect, fileContent, hashOf, mimetypeOf, notebookOf } from "./content.js";
import type { Documents, Entry, WriteOptions } from "./documents.js";
import { bareModel, type Model, type ModelType, typeOf } from "./model.js";
import { freeNames, untitledName } from "./naming.js";
import { emptyNotebook, formatNotebook } from "./notebook.js";
import { folderOf, nameOf } from "./path.js";
import type { Mark, Trust } from "./trust.js";
import type { Uploads } from "./uploads.js";

/** The largest file that is sent inside a model, in bytes; larger ones are downloaded. */
const largestContent = 256 * 1024 * 1024;

/** What a client asks of a document. */
export interface GetOptions {
  readonly content?: boolean;
  readonly type?: string;
  readonly format?: string;
  readonly hash?: boolean;
}

/** What comes back: the model, and the version that an `If-Match` may name later. */
export interface Versioned {
  readonly model: Model;
  readonly version: string;
  /** By what the cells of a notebook that is shown are marked. */
  readonly trust?: Mark;
}

/** Jupyter's contents API over any store of documents. */
export class Contents {
  readonly #documents: Documents;
  readonly #trust: Trust;
  readonly #uploads: Uploads;

  constructor(documents: Documents, trust: Trust, uploads: Uploads) {
    this.#documents = documents;
    this.#trust = trust;
    this.#uploads = uploads;
  }

  async get(path: string, options: GetOptions = {}): Promise<Versioned> {
    const entry = await this.#documents.stat(path);
    const type = wantedType(entry, options.type);
    if (type === "directory")
      return { model: await this.#folder(entry, options.content ?? true), version: entry.version };
    if (options.content === false && !options.hash)
      return { model: { ...bareModel(entry, type), mimetype: mimetypeOf(path) ?? null }, version: entry.version };
    return this.#file(path, type, options);
  }

  /** Saves a document, creates a folder, or takes one chunk of a large file. */
  async save(path: string, model: Record<string, unknown>, options: WriteOptions = {}): Promise<Versioned> {
    const type = model["type"] ?? (path.endsWith(".ipynb") ? "notebook" : "file");
    if (type === "directory") return this.#saveFolder(path);
    if (type !== "notebook" && type !== "file")
      throw new ArchitechError("document-invalid", `no type ${JSON.stringify(type)}: notebook, file or directory`);
    const { bytes, notebook } = bytesOf({ ...model, type }, path);
    if (typeof model["chunk"] === "number") return this.#saveChunk(path, model["chunk"], bytes, options);
    if (notebook === undefined) return this.#wrote(await this.#documents.write(path, bytes, options), type);
    await this.#trust.settle(notebook);
    return this.#wrote(await this.#documents.write(path, Buffer.from(formatNotebook(notebook)), options), type);
  }

  /** Creates an empty document under the first name that is free. */
  async createUntitled(folder: string, type: ModelType, extension: string): Promise<Versioned> {
    const bytes = type === "notebook" ? Buffer.from(formatNotebook(emptyNotebook())) : Buffer.alloc(0);
    const separator = type === "directory" ? " " : "";
    return this.#firstFree(folder, untitledName(type, extension), separator, async (path) =>
      type === "directory" ? this.#documents.makeFolder(path) : this.#documents.write(path, bytes, { fresh: true }),
    );
  }

  /** Copies a file into a folder under a free name. */
  async copy(from: string, folder: string): Promise<Versioned> {
    const { kind } = await this.#documents.stat(from);
    if (kind === "folder") throw new ArchitechError("document-invalid", `"${from}" is a folder: only files are copied`);
    const same = folderOf(from) === folder;
    return this.#firstFree(folder, nameOf(from), "-Copy", async (path) => {
      const taken = (same && path === from) || (await this.#documents.stat(path).catch(() => undefined)) !== undefined;
      if (taken) throw new ArchitechError("document-exists", path);
      const { bytes } = await this.#documents.read(from);
      return this.#documents.write(path, bytes, { fresh: true });
    });
  }

  async rename(from: string, to: string): Promise<Versioned> {
    const entry = await this.#documents.move(from, to);
    return { model: bareModel(entry), version: entry.version };
  }

  remove(path: string): Promise<void> {
    return this.#documents.remove(path);
  }

  /** Trusts a notebook's outputs as they are. */
  async trust(path: string): Promise<void> {
    const { bytes } = await this.#documents.read(path);
    await this.#trust.remember(notebookOf(await collect(bytes, largestContent, path), path));
  }

  async #folder(entry: Entry, withContent: boolean): Promise<Model> {
    const model: Model = { ...bareModel(entry), format: withContent ? "json" : null };
    if (withContent) {
      const entries = await this.#documents.list(entry.path);
      model.content = entries.map((found) => ({ ...bareModel(found), mimetype: mimetypeOf(found.path) ?? null }));
    }
    return model;
  }

  async #file(path: string, type: ModelType, options: GetOptions): Promise<Versioned> {
    const { entry, bytes: stream } = await this.#documents.read(path);
    const bytes = await collect(stream, largestContent, path);
    const model = bareModel(entry, type);
    if (options.hash) Object.assign(model, { hash: hashOf(bytes), hash_algorithm: "sha256" });
    if (options.content === false) return { model, version: entry.version };
    if (type === "file")
      return { model: { ...model, ...fileContent(bytes, path, options.format) }, version: entry.version };
    const notebook = notebookOf(bytes, path);
    const trust = await this.#trust.mark(notebook);
    return { model: { ...model, content: notebook, format: "json" }, version: entry.version, trust };
  }

  async #saveFolder(path: string): Promise<Versioned> {
    const known = await this.#documents.stat(path).catch(() => undefined);
    const entry = known?.kind === "folder" ? known : await this.#documents.makeFolder(path);
    return { model: bareModel(entry), version: entry.version };
  }

  async #saveChunk(path: string, chunk: number, bytes: Buffer, options: WriteOptions): Promise<Versioned> {
    await this.#documents.stat(folderOf(path));
    const whole = await this.#uploads.add(path, chunk, bytes);
    if (whole !== undefined) {
      try {
        return await this.#wrote(await this.#documents.write(path, whole, options), "file");
      } finally {
        await this.#uploads.discard(path);
      }
    }
    const now = new Date();
    const begun: Entry = { path, kind: "file", size: 0, created: now, modified: now, writable: true, version: "" };
    return { model: bareModel(begun, "file"), version: "" };
  }

  async #wrote(entry: Entry, type: ModelType): Promise<Versioned> {
    return { model: { ...bareModel(entry, type), mimetype: mimetypeOf(entry.path) ?? null }, version: entry.version };
  }

  async #firstFree(
    folder: string,
    name: string,
    separator: string,
    create: (path: string) => Promise<Entry>,
  ): Promise<Versioned> {
    for (const path of freeNames(folder, name, separator)) {
      try {
        const entry = await create(path);
        return { model: bareModel(entry), version: entry.version };
      } catch (error) {
        if (!(error instanceof ArchitechError && error.code === "document-exists")) throw error;
      }
    }
    throw new ArchitechError("document-exists", `"${folder}" has no name left for another "${name}"`);
  }
}

function wantedType(entry: Entry, wanted: string | undefined): ModelType {
  const actual = typeOf(entry);
  if (wanted === undefined || wanted === actual) return actual;
  // Any file can be asked for as a plain file; a folder is a folder.
  if (wanted === "file" && entry.kind === "file") return "file";
  if (wanted === "notebook" && entry.kind === "file") return "notebook";
  throw new ArchitechError("document-invalid", `"${entry.path}" is a ${actual}, not a ${wanted}`);
}
