import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Contents, GetOptions, Versioned } from "./contents.js";
import type { Documents } from "./documents.js";
import type { Trust } from "./trust.js";

/** A document as it is sent. */
export interface Answer {
  /** Changes whenever what is sent does; up to a "/" it is the document's version, which an `If-Match` may name. */
  readonly tag: string;
  readonly modified: Date;
  readonly body: Buffer;
}

/** How much is kept, in bytes. */
export interface AnswerLimits {
  readonly all: number;
  /** A larger one is not kept. */
  readonly one: number;
}

interface Kept {
  readonly answer: Answer;
  readonly version: string;
  /** What the cells of a notebook are marked by. */
  readonly trust: Versioned["trust"];
}

/**
 * Reads documents, and keeps what was sent of files for as long as they stay as they are: a notebook is not parsed, signed
 * and written anew for everybody who opens it. The store is asked for the version each time, and whether it is still
 * trusted, so that any number of servers over one store tell the same.
 */
export class Answers {
  /** How often an answer was there already, and how often it was not. */
  readonly counts: { kept: number; read: number } = { kept: 0, read: 0 };
  readonly #contents: Contents;
  readonly #documents: Documents;
  readonly #trust: Trust;
  readonly #kept: LRUCache<string, Kept>;

  constructor(
    contents: Contents,
    documents: Documents,
    trust: Trust,
    limits: AnswerLimits = { all: 32 << 20, one: 4 << 20 },
  ) {
    this.#contents = contents;
    this.#documents = documents;
    this.#trust = trust;
    this.#kept = new LRUCache({
      maxSize: limits.all,
      maxEntrySize: limits.one,
      sizeCalculation: ({ answer }, key) => answer.body.length + key.length,
    });
  }

  async get(path: string, options: Required<Pick<GetOptions, "content" | "hash">> & GetOptions): Promise<Answer> {
    const key = JSON.stringify([path, options.type, options.format, options.content, options.hash]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && (await this.#holds(path, kept))) {
      this.counts.kept += 1;
      return kept.answer;
    }
    const { model, version, trust } = await this.#contents.get(path, options);
    this.counts.read += 1;
    const body = Buffer.from(JSON.stringify(model));
    // A listing changes with what is in the folder, of which the folder's version knows nothing.
    const isFile = model.type !== "directory";
    const own = isFile ? `${version}${trust?.trusted ? "/trusted" : ""}` : hashOf(body);
    const answer = { tag: `"${own}"`, modified: new Date(model.last_modified), body };
    if (isFile) this.#kept.set(key, { answer, version, trust });
    return answer;
  }

  async #holds(path: string, { version, trust }: Kept): Promise<boolean> {
    const entry = await this.#documents.stat(path);
    if (entry.kind !== "file" || entry.version !== version) return false;
    return trust === undefined || (await this.#trust.has(trust.signature)) === trust.trusted;
  }
}

function hashOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("base64url");
}
