import { createHash } from "node:crypto";
import {
  ArchitechError,
  encodeFrame,
  frameFlags,
  joinParts,
  pause,
  readFrameHeader,
  splitParts,
  type TableName,
  tableNumbers,
} from "@architech/protocol";
import type { RunWriter } from "architech/host";
import type { Logs, Objects } from "../bus/bus.js";
import { packLarge, unpackLarge } from "./large-value.js";

/** Frames in an entry are added while there are fewer bytes than these. */
const entryBytes = 256 << 10;

/** How long to wait before what the bus could not take is tried again. */
const againMs = 500;

/** What is waited for. */
const passing: readonly string[] = ["bus-unreachable", "storage-full"];

interface Queued {
  readonly frame: Uint8Array;
  /** The table that it opens. */
  readonly opens?: number;
}

/** What the writer of a stream is told of. */
export interface BusLogEvents {
  /** A table begins with this frame, which is not written yet. */
  opens(table: number, seq: number): Promise<void>;
}

/**
 * The stream of a run on the bus, as its coordinator writes it: frames that come while the bus is busy share an entry.
 * One that takes over from another begins again with the first frame; those that are there are not written again.
 */
export class BusLog implements RunWriter {
  readonly #logs: Logs;
  readonly #objects: Objects;
  readonly #id: string;
  readonly #events: BusLogEvents;
  /** Frames that are there, and how many of them have been given again. */
  readonly #found: number;
  #entries: number;
  #frames = 0;
  #bytes = 0;
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #flushing: Promise<void> | undefined;
  #error: ArchitechError | undefined;
  #closed = false;

  private constructor(id: string, logs: Logs, objects: Objects, events: BusLogEvents, entries: number, found: number) {
    this.#id = id;
    this.#logs = logs;
    this.#objects = objects;
    this.#events = events;
    this.#entries = entries;
    this.#found = found;
  }

  static async open(id: string, logs: Logs, objects: Objects, events: BusLogEvents): Promise<BusLog> {
    const { frames: entries } = await logs.info(id);
    let found = 0;
    if (entries > 0)
      for await (const bytes of logs.read(id, entries - 1)) {
        const frames = splitParts(await unpackLarge(bytes, objects));
        found = readFrameHeader(frames.at(-1)!).seq + 1;
        break;
      }
    return new BusLog(id, logs, objects, events, entries, found);
  }

  get frames(): number {
    return this.#frames;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get entries(): number {
    return this.#entries;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get error(): ArchitechError | undefined {
    return this.#error;
  }

  append(table: TableName, body: Uint8Array, schema = false): void {
    if (this.#closed || this.#error !== undefined) return;
    const number = tableNumbers[table];
    const frame = encodeFrame({ table: number, flags: schema ? frameFlags.schema : 0, seq: this.#frames++ }, body);
    this.#bytes += frame.byteLength;
    if (this.#frames <= this.#found) return;
    this.#queue.push({ frame, ...(schema ? { opens: number } : {}) });
    this.#queuedBytes += frame.byteLength;
    this.#flushing ??= this.#flush();
  }

  async flushed(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  async end(): Promise<void> {
    await this.flushed();
    this.#closed = true;
  }

  /** Writes nothing more, not even what waits: another writes from now on. */
  abandon(error: ArchitechError): void {
    this.#error ??= error;
    this.#queue = [];
  }

  async #flush(): Promise<void> {
    // Let what is appended in the same turn be written together.
    await Promise.resolve();
    while (this.#queue.length > 0 && this.#error === undefined) {
      const frames = this.#take();
      try {
        await this.#write(frames);
      } catch (cause) {
        this.abandon(
          cause instanceof ArchitechError
            ? cause
            : new ArchitechError("storage-failed", `the run's rows cannot be written: ${(cause as Error).message}`, {
                cause,
              }),
        );
      }
      for (const { frame } of frames) this.#queuedBytes -= frame.byteLength;
    }
    this.#flushing = undefined;
  }

  /** Writes an entry, however long the bus cannot be reached or has no room. */
  async #write(frames: readonly Queued[]): Promise<void> {
    const joined = joinParts(frames.map(({ frame }) => frame));
    while (this.#error === undefined)
      try {
        for (const { frame, opens } of frames)
          if (opens !== undefined) await this.#events.opens(opens, readFrameHeader(frame).seq);
        const entry = await packLarge(joined, this.#objects, () => `${this.#id}.${hashOf(joined)}`);
        if (this.#error === undefined) await this.#logs.append(this.#id, this.#entries, entry);
        this.#entries++;
        return;
      } catch (error) {
        if (!(error instanceof ArchitechError) || !passing.includes(error.code)) throw error;
        await pause(againMs);
      }
  }

  #take(): Queued[] {
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && (count === 0 || bytes < entryBytes); count++)
      bytes += this.#queue[count]!.frame.byteLength;
    return this.#queue.splice(0, count);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
