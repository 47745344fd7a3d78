import { type FileHandle, open } from "node:fs/promises";
import {
  ArchitechError,
  encodeFrame,
  frameFlags,
  frameHeaderBytes,
  isSchemaFrame,
  readFrameHeader,
  type TableName,
  tableNumbers,
} from "@architech/protocol";
import type { RunWriter } from "./run-writer.js";
import { singly } from "./singly.js";
import { storageError } from "./storage-error.js";

/** Opens a file: Node's own `open`, or one that stands in for a failing disk. */
export type OpenFile = (path: string, flags: string) => Promise<FileHandle>;

/** Bytes before each frame on disk: its length, u32 little-endian. */
const lengthBytes = 4;
const chunkBytes = 256 << 10;
const buffersAtOnce = 256;

/**
 * The stream of a run on disk: frames are appended by one writer and read by any number of readers from any offset,
 * while it is written or later. Nothing is kept in memory but where each frame begins.
 */
export class RunLog implements RunWriter {
  readonly #file: FileHandle;
  /** Where each frame begins; the last entry is where the next one will. */
  readonly #places: number[] = [0];
  readonly #schemas: number[] = [];
  readonly #tables: number[] = [];
  #queue: Uint8Array[] = [];
  #appended = 0;
  #queuedBytes = 0;
  #flushing: Promise<void> | undefined;
  #error: ArchitechError | undefined;
  #ended = false;
  #changed: PromiseWithResolversOf = withResolvers();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** A new, empty log. Throws `storage-full` and `storage-failed`. */
  static async create(path: string, openFile: OpenFile = open): Promise<RunLog> {
    return new RunLog(await openFile(path, "w+").catch(fail(`cannot write ${path}`)));
  }

  /** An existing log. A torn last frame, left by a crash, is cut off when `repair` is set, and ignored otherwise. */
  static async open(
    path: string,
    { repair = false, openFile = open }: { repair?: boolean; openFile?: OpenFile } = {},
  ): Promise<RunLog> {
    const log = new RunLog(await openFile(path, repair ? "r+" : "r").catch(fail(`cannot read ${path}`)));
    const { size } = await log.#file.stat();
    await log.#scan(size);
    if (repair && log.bytes < size) await log.#file.truncate(log.bytes);
    log.#ended = true;
    return log;
  }

  /** Goes on with a log that was opened to be repaired, behind so many of its frames; those after them are dropped. */
  async goOn(frames: number): Promise<void> {
    const schemas = this.#schemas.filter((frame) => frame < frames).length;
    this.#schemas.length = schemas;
    this.#tables.length = schemas;
    this.#places.length = frames + 1;
    this.#appended = frames;
    await this.#file.truncate(this.bytes);
    this.#ended = false;
  }

  /** Frames that are on disk. */
  get frames(): number {
    return this.#places.length - 1;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#places.at(-1) ?? 0;
  }

  /** Bytes that wait to be written. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Tables that have begun. */
  get tables(): readonly number[] {
    return this.#tables;
  }

  /** Why nothing more can be written. What is on disk stays readable. */
  get error(): ArchitechError | undefined {
    return this.#error;
  }

  /** Appends a frame. Readers see it once it is on disk. */
  append(table: TableName, body: Uint8Array, schema = false): void {
    if (this.#ended || this.#error !== undefined) return;
    const frame = encodeFrame(
      { table: tableNumbers[table], flags: schema ? frameFlags.schema : 0, seq: this.#appended++ },
      body,
    );
    this.#queue.push(frame);
    this.#queuedBytes += frame.byteLength;
    this.#flushing ??= this.#flush();
  }

  /** Resolves when everything appended so far is on disk, or cannot be. */
  async flushed(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  /** Nothing more will be appended: readers come to their end. */
  async end(): Promise<void> {
    await this.flushed();
    this.#ended = true;
    this.#notify();
  }

  /**
   * Frames from an offset on, waiting for those to come until the log has ended. The schemas of tables that began
   * before the offset come first. Reads in pieces, so that a reader costs the same whatever the length of the run.
   */
  async *read(offset = 0, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    yield* singly(this.pieces(offset, signal), signal);
  }

  /** The same, some frames at a time: as many as were read at once. */
  async *pieces(offset = 0, signal?: AbortSignal): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    let next = offset;
    let schemas = 0;
    while (signal?.aborted !== true) {
      const changed = this.#changed.promise;
      const schema = this.#schemas[schemas] ?? Infinity;
      if (schema < offset) {
        schemas++;
        yield await this.#readFrames(schema, schema + 1);
      } else if (next < this.frames) {
        const frames = await this.#readFrames(next, this.#chunkEnd(next));
        if (isAborted(signal)) return;
        next += frames.length;
        yield frames;
      } else if (this.#ended || this.#error !== undefined) return;
      else await untilAborted(changed, signal);
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.end();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    // Let what is appended in the same turn be written together.
    await Promise.resolve();
    while (this.#queue.length > 0 && this.#error === undefined) {
      const frames = this.#queue.slice(0, buffersAtOnce);
      this.#queue = this.#queue.slice(buffersAtOnce);
      const start = this.bytes;
      try {
        await this.#write(
          frames.flatMap((frame) => [lengthOf(frame), frame]),
          start,
        );
        let place = start;
        for (const frame of frames) this.#took(frame, (place += lengthBytes + frame.byteLength));
        this.#queuedBytes -= this.bytes - start - frames.length * lengthBytes;
      } catch (cause) {
        this.#error = storageError("the run's rows cannot be written", cause as Error);
        this.#queue = [];
        await this.#file.truncate(start).catch(() => {});
      }
      this.#notify();
    }
    this.#flushing = undefined;
  }

  async #write(buffers: Uint8Array[], start: number): Promise<void> {
    const wanted = buffers.reduce((total, buffer) => total + buffer.byteLength, 0);
    let { bytesWritten } = await this.#file.writev(buffers, start);
    if (bytesWritten === wanted) return;
    const rest = Buffer.concat(buffers);
    while (bytesWritten < wanted)
      bytesWritten += (await this.#file.write(rest, bytesWritten, wanted - bytesWritten, start + bytesWritten))
        .bytesWritten;
  }

  #took(frame: Uint8Array, end: number): void {
    const header = readFrameHeader(frame);
    if (isSchemaFrame(header)) {
      this.#schemas.push(this.frames);
      this.#tables.push(header.table);
    }
    this.#places.push(end);
  }

  #notify(): void {
    const { resolve } = this.#changed;
    this.#changed = withResolvers();
    resolve();
  }

  #chunkEnd(from: number): number {
    const start = this.#places[from] ?? 0;
    let to = from + 1;
    while (to < this.frames && (this.#places[to + 1] ?? 0) - start <= chunkBytes) to++;
    return to;
  }

  async #readFrames(from: number, to: number): Promise<Uint8Array[]> {
    const start = this.#places[from] ?? 0;
    const bytes = new Uint8Array((this.#places[to] ?? 0) - start);
    await readFully(this.#file, bytes, start);
    return Array.from({ length: to - from }, (_, i) =>
      bytes.subarray((this.#places[from + i] ?? 0) - start + lengthBytes, (this.#places[from + i + 1] ?? 0) - start),
    );
  }

  /** Finds the frames of an existing file, up to the first that is not whole. Of small frames many are looked at at once. */
  async #scan(size: number): Promise<void> {
    const headBytes = lengthBytes + frameHeaderBytes;
    const chunk = new Uint8Array(Math.min(size, chunkBytes));
    const view = new DataView(chunk.buffer);
    for (let place = 0; place + headBytes <= size; ) {
      const length = Math.min(size - place, chunk.byteLength);
      await readFully(this.#file, chunk.subarray(0, length), place);
      for (let at = 0; at + headBytes <= length; ) {
        const frameBytes = view.getUint32(at, true);
        const end = place + at + lengthBytes + frameBytes;
        const frame = chunk.subarray(at + lengthBytes, at + headBytes);
        if (frameBytes < frameHeaderBytes || end > size || !isNext(frame, this.frames)) return;
        this.#took(frame, end);
        this.#appended++;
        at = end - place;
      }
      place = this.bytes;
    }
  }
}

function isNext(frame: Uint8Array, seq: number): boolean {
  try {
    return readFrameHeader(frame).seq === seq;
  } catch {
    return false;
  }
}

function lengthOf(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  new DataView(bytes.buffer).setUint32(0, frame.byteLength, true);
  return bytes;
}

async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let read = 0; read < bytes.byteLength; ) {
    const { bytesRead } = await file.read(bytes, read, bytes.byteLength - read, position + read);
    if (bytesRead === 0) throw new ArchitechError("storage-failed", "a run's file is shorter than it was");
    read += bytesRead;
  }
}

function fail(what: string): (cause: Error) => never {
  return (cause) => {
    throw storageError(what, cause);
  };
}

interface PromiseWithResolversOf {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolvers(): PromiseWithResolversOf {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Waits for the promise, or for the signal, without leaving a listener behind. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise;
  let stop = (): void => {};
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener("abort", stop);
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener("abort", stop));
}

/** A question of its own: the compiler believes that a signal found unaborted stays so across a yield. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
