import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { ArchitechError } from "@architech/protocol";
import { storageFailed } from "./store.js";

/** Opens a file: Node's own `open`, or one that stands in for a failing disk. */
export type OpenFile = (path: string, flags: string) => Promise<FileHandle>;

/** Before each record: how long it is, its CRC-32, and whether it is a frame or the end; u32 little-endian each. */
const headBytes = 12;
const kinds = { frame: 1, end: 2 } as const;
const chunkBytes = 256 << 10;

/** A log on disk. Nothing is kept in memory but where each frame begins. */
export class LogFile {
  readonly #file: FileHandle;
  readonly #path: string;
  /** Where each record begins; the last entry is where the next one will. */
  readonly #places: number[] = [0];
  #summary: Uint8Array | undefined;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Opens a log, or makes it. A record that a crash cut off is cut away: it was never acknowledged. */
  static async open(path: string, openFile: OpenFile = open): Promise<LogFile> {
    // "a+" would write at the end whatever place is given; "r+" needs the file to be there.
    const file = await openFile(path, "r+")
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        return openFile(path, "wx+");
      })
      .catch(storageFailed(`cannot open ${path}`));
    const log = new LogFile(file, path);
    await log.#scan().catch(storageFailed(`cannot read ${path}`));
    return log;
  }

  get frames(): number {
    return this.#places.length - 1 - (this.ended ? 1 : 0);
  }

  get ended(): boolean {
    return this.#summary !== undefined;
  }

  get summary(): Uint8Array | undefined {
    return this.#summary;
  }

  /** Appends a frame. One that could not be written whole is taken back, so that it may be tried again. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(kinds.frame, bytes);
  }

  async end(summary: Uint8Array): Promise<void> {
    await this.#write(kinds.end, summary);
    this.#summary = summary.slice();
  }

  /** Some frames from a number on: at least one, and as many as fit a piece. Each is checked. */
  async read(from: number): Promise<Uint8Array[]> {
    const start = this.#places[from]!;
    let to = from + 1;
    while (to < this.frames && this.#places[to + 1]! - start <= chunkBytes) to++;
    const bytes = new Uint8Array(this.#places[to]! - start);
    await this.#readFully(bytes, start).catch(storageFailed(`cannot read ${this.#path}`));
    return Array.from({ length: to - from }, (_, i) => {
      const record = bytes.subarray(this.#places[from + i]! - start, this.#places[from + i + 1]! - start);
      return this.#checked(record, from + i);
    });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(kind: number, bytes: Uint8Array): Promise<void> {
    const start = this.#places.at(-1)!;
    const head = new Uint8Array(headBytes);
    const view = new DataView(head.buffer);
    view.setUint32(0, bytes.byteLength, true);
    view.setUint32(4, crc32(bytes), true);
    view.setUint32(8, kind, true);
    const total = headBytes + bytes.byteLength;
    try {
      const { bytesWritten } = await this.#file.writev([head, bytes], start);
      // A disk that fills takes a part first; the rest says why.
      const rest = Buffer.concat([head, bytes]);
      for (let done = bytesWritten; done < total; )
        done += (await this.#file.write(rest, done, total - done, start + done)).bytesWritten;
    } catch (error) {
      await this.#file.truncate(start).catch(() => {});
      storageFailed(`cannot write ${this.#path}`)(error);
    }
    this.#places.push(start + total);
  }

  async #scan(): Promise<void> {
    const { size } = await this.#file.stat();
    const head = new Uint8Array(headBytes);
    const view = new DataView(head.buffer);
    let place = 0;
    while (place + headBytes <= size && !this.ended) {
      await this.#readFully(head, place);
      const end = place + headBytes + view.getUint32(0, true);
      const kind = view.getUint32(8, true);
      if (end > size || (kind !== kinds.frame && kind !== kinds.end)) break;
      if (kind === kinds.end || end === size) {
        // The last record may be torn in ways that its length does not show.
        const record = new Uint8Array(end - place);
        await this.#readFully(record, place);
        if (!isWhole(record)) break;
        if (kind === kinds.end) this.#summary = record.slice(headBytes);
      }
      this.#places.push(end);
      place = end;
    }
    if (place < size) await this.#file.truncate(place);
  }

  #checked(record: Uint8Array, seq: number): Uint8Array {
    if (!isWhole(record))
      throw new ArchitechError("storage-failed", `frame ${seq} of ${this.#path} is not what was written`);
    return record.subarray(headBytes);
  }

  async #readFully(bytes: Uint8Array, position: number): Promise<void> {
    for (let read = 0; read < bytes.byteLength; ) {
      const { bytesRead } = await this.#file.read(bytes, read, bytes.byteLength - read, position + read);
      if (bytesRead === 0) throw new Error("the file is shorter than it was");
      read += bytesRead;
    }
  }
}

function isWhole(record: Uint8Array): boolean {
  const view = new DataView(record.buffer, record.byteOffset);
  return view.getUint32(4, true) === crc32(record.subarray(headBytes));
}
