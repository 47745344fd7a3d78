import { ArchitechError } from "@architech/protocol";
import { ObjectId } from "mongodb";
import type { Checkpoint, Checkpoints } from "../documents.js";
import type { Blobs } from "./blobs.js";
import type { CheckpointRecord, Collections, DocumentRecord } from "./records.js";
import type { Tree } from "./tree.js";

/** Checkpoints beside the documents in MongoDB: one a file, as Jupyter keeps them. */
export class MongoCheckpoints implements Checkpoints {
  readonly #collections: Collections;
  readonly #tree: Tree;
  readonly #blobs: Blobs;
  readonly #write: (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<unknown>;

  constructor(
    collections: Collections,
    tree: Tree,
    blobs: Blobs,
    write: (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<unknown>,
  ) {
    this.#collections = collections;
    this.#tree = tree;
    this.#blobs = blobs;
    this.#write = write;
  }

  async list(path: string): Promise<Checkpoint[]> {
    const { _id } = await this.#tree.record(path);
    const kept = await this.#collections.checkpoints.find({ document: _id }).toArray();
    return kept.map(({ id, modified }) => ({ id, modified }));
  }

  async create(path: string): Promise<Checkpoint> {
    const record = await this.#tree.record(path);
    if (record.kind !== "file") throw new ArchitechError("document-invalid", `"${path}" is not a file`);
    const held = await this.#blobs.hold(this.#blobs.read(record));
    const kept: CheckpointRecord = {
      ...held,
      _id: new ObjectId(),
      document: record._id,
      id: "checkpoint",
      modified: new Date(),
    };
    const { _id, ...fields } = kept;
    const before = await this.#collections.checkpoints.findOneAndReplace(
      { document: record._id, id: "checkpoint" },
      fields as CheckpointRecord,
      { upsert: true, returnDocument: "before" },
    );
    await this.#blobs.drop(before);
    return { id: kept.id, modified: kept.modified };
  }

  async restore(path: string, id: string): Promise<void> {
    const kept = await this.#find(path, id);
    await this.#write(path, this.#blobs.read(kept));
  }

  async remove(path: string, id: string): Promise<void> {
    const kept = await this.#find(path, id);
    await this.#collections.checkpoints.deleteOne({ _id: kept._id });
    await this.#blobs.drop(kept);
  }

  /** Forgets the checkpoints of a file that is gone. */
  async forget({ _id }: DocumentRecord): Promise<void> {
    const kept = await this.#collections.checkpoints.find({ document: _id }).toArray();
    await this.#collections.checkpoints.deleteMany({ document: _id });
    for (const checkpoint of kept) await this.#blobs.drop(checkpoint);
  }

  async #find(path: string, id: string): Promise<CheckpointRecord> {
    const { _id } = await this.#tree.record(path);
    const kept = await this.#collections.checkpoints.findOne({ document: _id, id });
    if (kept === null) throw new ArchitechError("document-not-found", `"${path}" has no checkpoint "${id}"`);
    return kept;
  }
}
