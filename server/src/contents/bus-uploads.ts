import { createHash } from "node:crypto";
import { ArchitechError } from "@architech/protocol";
import type { Objects, State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import { chunkOneMissing, type Uploads } from "./uploads.js";

/** An upload that nobody has gone on with for so long is forgotten. */
export const uploadTtlMs: number = 24 * 3_600_000;

/** Uploads on a bus: each chunk may come to another service, and the same chunk twice. */
export class BusUploads implements Uploads {
  readonly #chunks: Objects;
  /** By the upload: how many chunks there are. */
  readonly #counts: State;

  constructor(chunks: Objects, counts: State) {
    this.#chunks = chunks;
    this.#counts = counts;
  }

  async add(path: string, chunk: number, bytes: Buffer): Promise<AsyncIterable<Uint8Array> | undefined> {
    const key = keyOf(path);
    const known = await this.#counts.get(key);
    const before = known === undefined ? 0 : countOf(known.value);
    if (chunk !== 1 && before === 0) throw chunkOneMissing(path, chunk);
    if (chunk > before + 1)
      throw new ArchitechError("document-invalid", `chunk ${chunk} of "${path}" came after chunk ${before}`);
    await this.#chunks.put(bytes, `${key}.${chunk === -1 ? "last" : chunk}`);
    if (chunk === -1) return this.#read(path, key, before);
    if (chunk === 1 || chunk > before) await this.#count(path, key, chunk, known?.revision);
    return undefined;
  }

  async discard(path: string): Promise<void> {
    const key = keyOf(path);
    const known = await this.#counts.get(key);
    if (known === undefined) return;
    await this.#counts.delete(key);
    const names = Array.from({ length: countOf(known.value) }, (_, i) => `${key}.${i + 1}`);
    for (const name of [...names, `${key}.last`]) await this.#chunks.delete(name);
  }

  async #count(path: string, key: string, chunk: number, revision: number | undefined): Promise<void> {
    const value = new TextEncoder().encode(String(chunk));
    try {
      if (revision === undefined) await this.#counts.create(key, value);
      else await this.#counts.update(key, value, revision);
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
      throw new ArchitechError("document-changed", `another uploads "${path}" at this moment`);
    }
  }

  async *#read(path: string, key: string, count: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (const chunk of [...Array.from({ length: count }, (_, i) => i + 1), "last"]) {
      const bytes = await this.#chunks.get(`${key}.${chunk}`);
      if (bytes === undefined)
        throw new ArchitechError("document-invalid", `chunk ${chunk} of "${path}" is gone: send the file again`);
      yield bytes;
    }
  }
}

function keyOf(path: string): string {
  return createHash("sha256").update(path).digest("hex");
}

/** What is no count of ours is that of an upload that has not begun. */
function countOf(value: Uint8Array): number {
  const text = new TextDecoder().decode(value);
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
}
