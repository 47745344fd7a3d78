import { ArchitechError } from "@architech/protocol";
import type { ObjectId } from "mongodb";
import { folderOf, isHidden, nameOf } from "../path.js";
import { type Collections, type DocumentRecord, rootId } from "./records.js";

/** Leads from paths to records. */
export class Tree {
  readonly #collections: Collections;
  readonly #showHidden: boolean;

  constructor(collections: Collections, options: { showHidden: boolean }) {
    this.#collections = collections;
    this.#showHidden = options.showHidden;
  }

  /** The record at a path; throws `document-not-found`. Not for the root, which has none. */
  async record(path: string): Promise<DocumentRecord> {
    if (!this.#showHidden && isHidden(path))
      throw new ArchitechError("document-not-found", `no document "${path}": hidden files are not served`);
    const record = await this.#collections.documents.findOne({
      parent: await this.folderId(folderOf(path)),
      name: nameOf(path),
    });
    if (record === null) throw new ArchitechError("document-not-found", `no document "${path}"`);
    return record;
  }

  /** The id that the children of a folder name as their parent. */
  async folderId(path: string): Promise<ObjectId | typeof rootId> {
    if (path === "") return rootId;
    const record = await this.record(path);
    if (record.kind !== "folder") throw new ArchitechError("document-invalid", `"${path}" is not a folder`);
    return record._id;
  }

  /** Where a new document would stand. */
  async place(path: string): Promise<Pick<DocumentRecord, "parent" | "name">> {
    if (path === "") throw new ArchitechError("document-exists", "the root is a folder");
    if (!this.#showHidden && isHidden(path))
      throw new ArchitechError("document-not-found", `no document "${path}": hidden files are not served`);
    return { parent: await this.folderId(folderOf(path)), name: nameOf(path) };
  }

  shows(name: string): boolean {
    return this.#showHidden || !name.startsWith(".");
  }
}
