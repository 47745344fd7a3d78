import { readFrameHeader, splitParts } from "@architech/protocol";
import type { Logs, Objects } from "../bus/bus.js";
import { objectOf, unpackLarge } from "./large-value.js";

/** Reads the streams of runs from the bus. */
export class RunReader {
  readonly #logs: Logs;
  readonly #objects: Objects;

  constructor(logs: Logs, objects: Objects) {
    this.#logs = logs;
    this.#objects = objects;
  }

  /**
   * Frames from an offset on, those of one entry at a time, waiting for those to come until the stream has ended; before
   * them, of `schemas`, those that are earlier.
   */
  async *read(
    run: string,
    offset: number,
    schemas: readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    for (const schema of schemas) {
      if (schema >= offset) continue;
      for await (const [frame] of this.#from(run, schema, signal)) {
        if (frame !== undefined) yield [frame];
        break;
      }
    }
    yield* this.#from(run, offset, signal);
  }

  /** Removes a stream, and what of it is in objects. */
  async delete(run: string): Promise<void> {
    const { frames: entries } = await this.#logs.info(run);
    let read = 0;
    if (entries > 0)
      for await (const entry of this.#logs.read(run)) {
        const name = objectOf(entry);
        if (name !== undefined) await this.#objects.delete(name);
        if (++read === entries) break;
      }
    await this.#logs.delete(run);
  }

  async *#from(
    run: string,
    offset: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    const entry = offset === 0 ? 0 : await this.#entryOf(run, offset);
    for await (const bytes of this.#logs.read(run, entry, signal)) {
      const frames = splitParts(await unpackLarge(bytes, this.#objects));
      if (signal?.aborted === true) return;
      const wanted = frames.filter((frame) => readFrameHeader(frame).seq >= offset);
      if (wanted.length > 0) yield wanted;
    }
  }

  /** The last entry that begins at or before a frame: that which has it, if it is there already. */
  async #entryOf(run: string, frame: number): Promise<number> {
    let low = 0;
    let high = (await this.#logs.info(run)).frames - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await this.#firstOf(run, middle)) <= frame) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  async #firstOf(run: string, entry: number): Promise<number> {
    for await (const bytes of this.#logs.read(run, entry)) {
      const [first] = splitParts(await unpackLarge(bytes, this.#objects));
      return readFrameHeader(first!).seq;
    }
    return Infinity;
  }
}
