import {
  encodeControl,
  isFinal,
  isSchemaFrame,
  type Progress,
  type RunInfo,
  readFrameHeader,
} from "@architech/protocol";
import type { RunHost } from "architech/host";
import { waitFor } from "../bus/wakeup.js";
import type { Piece, PieceCache } from "./piece-cache.js";

/** Readings of the log that are left open for whoever comes to where they stand. */
const openReadings = 4;

/** How old what is told of a run may be, so that a thousand who ask at once cost one look. */
const lookMs = 250;

type Reading = AsyncIterator<readonly Uint8Array[]>;

/** A run as it was a moment ago. */
export interface Glance {
  readonly info: RunInfo;
  /** Tables that had begun. */
  readonly tables: readonly number[];
  /** Whether there may be more frames. */
  readonly live: boolean;
}

/**
 * One run as all of its readers here read it. Where many are at one place the log is read once, and all are given the
 * same bytes; who is behind finds them in the cache, or reads the log from where he is.
 */
export class RunFeed {
  readonly #host: RunHost;
  readonly #id: string;
  readonly #cache: PieceCache;
  readonly #closed = new AbortController();
  /** The piece that has each frame, of those that are kept. */
  readonly #pieces = new Map<number, Piece>();
  /** Pieces that are being read, by the frame that they begin with. */
  readonly #pulling = new Map<number, Promise<Piece | undefined>>();
  /** Readings that nobody waits for, by the frame that they have next. */
  readonly #idle = new Map<number, Reading>();
  /** The frames that open tables, in order; no reading has come further than those that are missing. */
  readonly #schemas = new Map<number, Uint8Array>();
  readonly #listeners = new Set<(progress: Uint8Array<ArrayBuffer>) => void>();
  #progress: Uint8Array<ArrayBuffer> | undefined;
  #stopProgress: (() => void) | undefined;
  #end = Infinity;
  #glance: { readonly at: number; readonly seen: Promise<Glance> } | undefined;

  constructor(host: RunHost, id: string, cache: PieceCache) {
    this.#host = host;
    this.#id = id;
    this.#cache = cache;
  }

  /**
   * Frames from an offset on, some at a time, waiting for those to come until the run is over. The openings of tables
   * that began before come first. Frames that lie in one array here do so for every reader.
   */
  async *read(offset: number, signal: AbortSignal): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    for (let next = offset; ; ) {
      const piece = this.#pieces.get(next) ?? (await this.#pull(next, signal));
      if (signal.aborted) return;
      if (next === offset) {
        const openings = [...this.#schemas].filter(([seq]) => seq < offset).map(([, frame]) => frame);
        if (openings.length > 0) yield openings;
      }
      if (piece === undefined) return;
      this.#cache.wanted(piece);
      yield next === piece.first ? piece.frames : piece.frames.slice(next - piece.first);
      next = piece.first + piece.frames.length;
    }
  }

  /** The frame that opens a table, once a reader has had it. */
  opening(table: number): Uint8Array | undefined {
    return [...this.#schemas.values()].find((frame) => readFrameHeader(frame).table === table);
  }

  /** Calls with the control message of each report; returns what stops that. */
  onProgress(listener: (progress: Uint8Array<ArrayBuffer>) => void): () => void {
    this.#listeners.add(listener);
    if (this.#progress !== undefined) listener(this.#progress);
    this.#stopProgress ??= this.#host.onProgress(this.#id, (progress) => this.#tell(progress));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stopProgress?.();
      this.#stopProgress = undefined;
    };
  }

  /** The run as it was a moment ago. */
  async glance(): Promise<Glance> {
    const now = performance.now();
    if (this.#glance === undefined || now - this.#glance.at > lookMs) this.#glance = { at: now, seen: this.#look() };
    const seen = await this.#glance.seen;
    return this.#end < Infinity ? { ...seen, live: false } : seen;
  }

  /** Nobody reads any more. */
  close(): void {
    this.#closed.abort();
    this.#stopProgress?.();
    for (const piece of new Set(this.#pieces.values())) this.#cache.drop(piece);
    for (const reading of this.#idle.values()) leave(reading);
    this.#idle.clear();
  }

  async #look(): Promise<Glance> {
    const info = await this.#host.info(this.#id);
    return { info, tables: await this.#host.tables(this.#id), live: !isFinal(info.state) };
  }

  #tell(progress: Progress): void {
    this.#progress = encodeControl(progress);
    for (const listener of this.#listeners) listener(this.#progress);
  }

  /** The piece that begins with a frame, as the log has it; undefined when there is none and will be none. */
  async #pull(at: number, signal: AbortSignal): Promise<Piece | undefined> {
    if (at >= this.#end) return undefined;
    let pulling = this.#pulling.get(at);
    if (pulling === undefined) {
      pulling = this.#advance(at).finally(() => this.#pulling.delete(at));
      this.#pulling.set(at, pulling);
    }
    await waitFor(
      pulling.then(() => undefined),
      signal,
    );
    return signal.aborted ? undefined : pulling;
  }

  async #advance(at: number): Promise<Piece | undefined> {
    const reading = this.#idle.get(at) ?? this.#host.pieces(this.#id, at, this.#closed.signal)[Symbol.asyncIterator]();
    this.#idle.delete(at);
    for (;;) {
      const { done, value } = await reading.next();
      if (done === true) {
        this.#end = Math.min(this.#end, at);
        return undefined;
      }
      const frames = value.filter((frame) => this.#isFrom(frame, at));
      if (frames.length === 0) continue;
      const piece: Piece = { first: at, frames };
      if (this.#closed.signal.aborted) {
        leave(reading);
        return piece;
      }
      this.#keep(piece);
      this.#park(reading, at + frames.length);
      return piece;
    }
  }

  /** Whether a frame is not one of the openings that come before a place. */
  #isFrom(frame: Uint8Array, place: number): boolean {
    const header = readFrameHeader(frame);
    if (isSchemaFrame(header)) this.#schemas.set(header.seq, frame);
    return header.seq >= place;
  }

  #keep(piece: Piece): void {
    for (let i = 0; i < piece.frames.length; i++) this.#pieces.set(piece.first + i, piece);
    this.#cache.keep(piece, () => {
      for (let i = 0; i < piece.frames.length; i++)
        if (this.#pieces.get(piece.first + i) === piece) this.#pieces.delete(piece.first + i);
    });
  }

  #park(reading: Reading, next: number): void {
    const other = this.#idle.get(next);
    if (other !== undefined) leave(other);
    this.#idle.delete(next);
    this.#idle.set(next, reading);
    for (const [place, oldest] of this.#idle) {
      if (this.#idle.size <= openReadings) return;
      this.#idle.delete(place);
      leave(oldest);
    }
  }
}

function leave(reading: Reading): void {
  void reading.return?.().catch(() => {});
}
