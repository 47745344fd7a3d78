import { ArchitechError } from "@architech/protocol";
import { MongoClient, MongoServerError, ObjectId } from "mongodb";
import type { Checkpoints, Content, Documents, Entry, WriteOptions } from "../documents.js";
import { inside } from "../path.js";
import { Blobs, type Held } from "./blobs.js";
import { MongoCheckpoints } from "./mongo-checkpoints.js";
import { type Collections, type DocumentRecord, openCollections, rootId } from "./records.js";
import { Tree } from "./tree.js";

/** How a store in MongoDB is opened. */
export interface MongoOptions {
  /** The database; without one the URL's, or "architech". */
  readonly database?: string;
  readonly showHidden?: boolean;
  /** How long to look for the server, ms. */
  readonly timeoutMs?: number;
}

/** Documents in MongoDB: records for the tree, GridFS for large files, a version in each record against lost updates. */
export class MongoDocuments implements Documents {
  readonly name: string = "mongodb";
  readonly checkpoints: Checkpoints;
  readonly #client: MongoClient;
  readonly #collections: Collections;
  readonly #tree: Tree;
  readonly #blobs: Blobs;
  readonly #kept: MongoCheckpoints;

  private constructor(client: MongoClient, collections: Collections, blobs: Blobs, options: MongoOptions) {
    this.#client = client;
    this.#collections = collections;
    this.#blobs = blobs;
    this.#tree = new Tree(collections, { showHidden: options.showHidden ?? false });
    this.#kept = new MongoCheckpoints(collections, this.#tree, blobs, (path, bytes) => this.write(path, bytes));
    this.checkpoints = this.#kept;
  }

  /** Connects to the server at a `mongodb://` URL; throws `storage-failed` when there is none. */
  static async open(url: string, options: MongoOptions = {}): Promise<MongoDocuments> {
    const serverSelectionTimeoutMS = options.timeoutMs ?? 5_000;
    try {
      const client = await new MongoClient(url, { serverSelectionTimeoutMS, appName: "architech" }).connect();
      // The driver names a URL's database "test" where it has none.
      const db = client.db(options.database ?? (/\/\/[^/]+\/\w/.test(url) ? undefined : "architech"));
      return new MongoDocuments(client, await openCollections(db), new Blobs(db), options);
    } catch (cause) {
      // The URL may hold a password: only its hosts are told.
      const hosts = /@?([^@/]+)(?:\/|$)/.exec(url.replace(/^mongodb(\+srv)?:\/\//, ""))?.[1] ?? "";
      const message = `no MongoDB at ${hosts}: start it, or unset ARCHITECH_MONGO_URL to keep documents in files (${(cause as Error).message})`;
      throw new ArchitechError("storage-failed", message, { cause });
    }
  }

  async stat(path: string): Promise<Entry> {
    return path === "" ? rootEntry : toEntry(path, await this.#tree.record(path));
  }

  async list(folder: string): Promise<Entry[]> {
    const parent = await this.#tree.folderId(folder);
    const records = await this.#collections.documents
      .find({ parent }, { projection: { bytes: 0 } })
      .sort({ name: 1 })
      .toArray();
    return records
      .filter(({ name }) => this.#tree.shows(name))
      .map((record) => toEntry(inside(folder, record.name), record));
  }

  async read(path: string): Promise<Content> {
    if (path === "") throw new ArchitechError("document-invalid", "the root is not a file");
    const record = await this.#tree.record(path);
    if (record.kind !== "file") throw new ArchitechError("document-invalid", `"${path}" is not a file`);
    return { entry: toEntry(path, record), bytes: this.#blobs.read(record) };
  }

  async write(path: string, bytes: AsyncIterable<Uint8Array> | Uint8Array, options: WriteOptions = {}): Promise<Entry> {
    const place = await this.#tree.place(path);
    const held = await this.#blobs.hold(bytes);
    try {
      return toEntry(path, await this.#put(path, place, held, options));
    } catch (error) {
      await this.#blobs.drop(held);
      throw error;
    }
  }

  async makeFolder(path: string): Promise<Entry> {
    const now = new Date();
    const record: DocumentRecord = {
      ...(await this.#tree.place(path)),
      _id: new ObjectId(),
      kind: "folder",
      size: 0,
      created: now,
      modified: now,
      version: 1,
    };
    await this.#collections.documents.insertOne(record).catch(asExisting(path));
    return toEntry(path, record);
  }

  async move(from: string, to: string): Promise<Entry> {
    if (from === "" || to === "") throw new ArchitechError("document-invalid", "the root cannot be moved");
    const record = await this.#tree.record(from);
    if (`${to}/`.startsWith(`${from}/`) && from !== to && record.kind === "folder")
      throw new ArchitechError("document-invalid", `"${from}" cannot be moved into itself`);
    const place = await this.#tree.place(to);
    const { matchedCount } = await this.#collections.documents
      .updateOne({ _id: record._id, parent: record.parent, name: record.name }, { $set: place })
      .catch(asExisting(to));
    if (matchedCount === 0) throw new ArchitechError("document-not-found", `no document "${from}"`);
    return toEntry(to, { ...record, ...place });
  }

  async remove(path: string): Promise<void> {
    if (path === "") throw new ArchitechError("document-invalid", "the root cannot be removed");
    await this.#removeRecord(await this.#tree.record(path));
  }

  async workingFolder(): Promise<string | undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Puts bytes in their place. A version that is not the one stated, or that moves while this writes, is not replaced. */
  async #put(
    path: string,
    place: Pick<DocumentRecord, "parent" | "name">,
    held: Held,
    { version, fresh }: WriteOptions,
  ): Promise<DocumentRecord> {
    const { documents } = this.#collections;
    for (;;) {
      const before = await documents.findOne(place, { projection: { bytes: 0 } });
      if (before?.kind === "folder") throw new ArchitechError("document-exists", `"${path}" is a folder`);
      if (fresh && before !== null) throw new ArchitechError("document-exists", `"${path}" exists already`);
      if (version !== undefined && versionOf(before) !== version)
        throw new ArchitechError("document-changed", `"${path}" has been changed by somebody else meanwhile`);
      const now = new Date();
      const record: DocumentRecord = {
        ...held,
        ...place,
        _id: before?._id ?? new ObjectId(),
        kind: "file",
        created: before?.created ?? now,
        modified: now,
        version: (before?.version ?? 0) + 1,
      };
      if (await this.#swap(before, record)) {
        await this.#blobs.drop(before);
        return record;
      }
      // Somebody else was faster: looked at anew, so that whoever states a version is told.
    }
  }

  async #swap(before: DocumentRecord | null, after: DocumentRecord): Promise<boolean> {
    const { documents } = this.#collections;
    const { _id, ...fields } = after;
    if (before !== null) {
      const where = { _id, version: before.version, parent: before.parent, name: before.name };
      return (await documents.replaceOne(where, fields as DocumentRecord)).matchedCount === 1;
    }
    return documents.insertOne(after).then(
      () => true,
      (error: unknown) => {
        if (isDuplicate(error)) return false;
        throw error;
      },
    );
  }

  async #removeRecord(record: DocumentRecord): Promise<void> {
    // The top goes first: from then on nothing below can be reached, whatever happens.
    await this.#collections.documents.deleteOne({ _id: record._id });
    if (record.kind === "folder") {
      const children = await this.#collections.documents.find({ parent: record._id }).toArray();
      for (const child of children) await this.#removeRecord(child);
      return;
    }
    await this.#blobs.drop(record);
    await this.#kept.forget(record);
  }
}

const rootEntry: Entry = {
  path: "",
  kind: "folder",
  size: 0,
  created: new Date(0),
  modified: new Date(0),
  writable: true,
  version: rootId,
};

function toEntry(path: string, record: DocumentRecord): Entry {
  const { kind, size, created, modified } = record;
  return { path, kind, size, created, modified, writable: true, version: versionOf(record) };
}

/** A removed document whose place is taken by a new one has another id, so versions never repeat. */
function versionOf(record: DocumentRecord | null): string {
  return record === null ? "" : `${record._id.toHexString()}-${record.version}`;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11_000;
}

function asExisting(path: string): (error: unknown) => never {
  return (error) => {
    throw isDuplicate(error) ? new ArchitechError("document-exists", `"${path}" exists already`) : error;
  };
}
