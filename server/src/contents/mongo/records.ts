import type { Binary, Collection, Db, ObjectId } from "mongodb";

/** The id under which the root's own children stand; the root itself has no record. */
export const rootId = "root";

/** A folder or file. Its place is its parent and its name, so that a folder with all in it moves by one change. */
export interface DocumentRecord {
  _id: ObjectId;
  parent: ObjectId | typeof rootId;
  name: string;
  kind: "folder" | "file";
  size: number;
  created: Date;
  modified: Date;
  /** Goes up by one with each write: who writes names the version that is replaced, so no update is lost. */
  version: number;
  /** The bytes of a small file. */
  bytes?: Binary;
  /** The bytes of a large one, in GridFS. */
  blob?: ObjectId;
}

/** A kept state of a file; it follows the file wherever that is moved. */
export interface CheckpointRecord {
  _id: ObjectId;
  document: ObjectId;
  id: string;
  modified: Date;
  size: number;
  bytes?: Binary;
  blob?: ObjectId;
}

/** The collections of one store. */
export interface Collections {
  readonly documents: Collection<DocumentRecord>;
  readonly checkpoints: Collection<CheckpointRecord>;
}

/** Opens the collections and makes their indexes, each with a name, where they are missing. */
export async function openCollections(db: Db): Promise<Collections> {
  const documents = db.collection<DocumentRecord>("documents");
  const checkpoints = db.collection<CheckpointRecord>("checkpoints");
  await documents.createIndex({ parent: 1, name: 1 }, { name: "documents_place", unique: true });
  await checkpoints.createIndex({ document: 1, id: 1 }, { name: "checkpoints_document", unique: true });
  return { documents, checkpoints };
}
