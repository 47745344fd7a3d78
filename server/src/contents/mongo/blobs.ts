import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Binary, type Db, GridFSBucket, type ObjectId } from "mongodb";

/** Bytes as a record holds them: in itself while they are few, else in GridFS. */
export interface Held {
  size: number;
  bytes?: Binary;
  blob?: ObjectId;
}

/** Above this a record would not fit MongoDB's limit of 16 MiB comfortably, bytes. */
const inlineLimit = 1024 * 1024;

/** Keeps bytes in records and, where they are many, in the GridFS bucket `blobs`. */
export class Blobs {
  readonly #bucket: GridFSBucket;

  constructor(db: Db) {
    this.#bucket = new GridFSBucket(db, { bucketName: "blobs" });
  }

  /** Takes bytes in; those of GridFS are there before the record that names them. */
  async hold(source: AsyncIterable<Uint8Array> | Uint8Array): Promise<Held> {
    const iterator = chunks(source)[Symbol.asyncIterator]();
    const head: Uint8Array[] = [];
    let size = 0;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      head.push(next.value);
      size += next.value.length;
      if (size > inlineLimit) return this.#upload(head, iterator);
    }
    return { size, bytes: new Binary(Buffer.concat(head, size)) };
  }

  read(held: Held): AsyncIterable<Uint8Array> {
    if (held.blob !== undefined) return this.#bucket.openDownloadStream(held.blob);
    return chunks(held.bytes?.buffer ?? new Uint8Array(0));
  }

  /** Lets bytes go that no record names any more. */
  async drop(held: Held | null | undefined): Promise<void> {
    // A second server may have been faster.
    if (held?.blob !== undefined) await this.#bucket.delete(held.blob).catch(() => undefined);
  }

  async #upload(head: Uint8Array[], rest: AsyncIterator<Uint8Array>): Promise<Held> {
    let size = 0;
    const all = async function* (): AsyncGenerator<Uint8Array> {
      for (const chunk of head) {
        size += chunk.length;
        yield chunk;
      }
      for (let next = await rest.next(); !next.done; next = await rest.next()) {
        size += next.value.length;
        yield next.value;
      }
    };
    const upload = this.#bucket.openUploadStream("document");
    await pipeline(Readable.from(all(), { objectMode: false }), upload).catch(async (error) => {
      await upload.abort().catch(() => undefined);
      throw error;
    });
    return { size, blob: upload.id };
  }
}

async function* chunks(source: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source;
  else yield* source;
}
