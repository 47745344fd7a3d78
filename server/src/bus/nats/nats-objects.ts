import { createHash } from "node:crypto";
import { ArchitechError } from "@architech/protocol";
import type { Objects } from "../bus.js";
import { contentName } from "../content-name.js";
import { busLimits, checkKey, checkSize } from "../names.js";
import { readBatch } from "./batch.js";
import type { JetStream, Link } from "./link.js";
import { EnsuredStream } from "./streams.js";
import { Again, isWrongSequence } from "./transient.js";

const pieceBytes = 256 << 10;
const piecesAtOnce = 8;

/** What is under an object's name: where its pieces are, and what they must add up to. */
interface About {
  readonly place: string;
  readonly pieces: number;
  readonly sha256: string;
}

/**
 * An object is pieces at `….c.<place>.<number>`, and then one message at `….m.<name>` that says so: whole or not at all.
 * The place follows from name and bytes, so that a put that is made again writes the same.
 */
export class NatsObjects implements Objects {
  readonly #link: Link;
  readonly #stream: EnsuredStream;
  readonly #subjects: string;

  constructor(link: Link, prefix: string, bucket: string, replicas: number | undefined) {
    this.#link = link;
    this.#subjects = `${prefix}.o.${bucket}`;
    this.#stream = new EnsuredStream(link, replicas, {
      name: `${prefix}_o_${bucket}`,
      subjects: [`${this.#subjects}.>`],
      max_msgs_per_subject: 1,
      allow_direct: true,
      discard: "new",
    });
  }

  async put(bytes: Uint8Array, name?: string): Promise<string> {
    checkSize("an object", bytes, busLimits.object);
    const sha256 = contentName(bytes);
    const given = name ?? sha256;
    this.#check(given);
    const place = createHash("sha256").update(`${given} ${sha256}`).digest("hex").slice(0, 32);
    const pieces = Math.ceil(bytes.byteLength / pieceBytes);
    const what = `to write object ${given}`;
    await this.#stream.ensure(what);
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let i = next++; i < pieces; i = next++) {
        const piece = bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes);
        await this.#link.patiently(what, ({ js }) => js.publish(`${this.#subjects}.c.${place}.${i}`, piece));
      }
    };
    await Promise.all(Array.from({ length: Math.min(pieces, piecesAtOnce) }, lane));
    const about = JSON.stringify({ place, pieces, sha256 } satisfies About);
    const write = (expect?: { lastSubjectSequence: number }): Promise<unknown> =>
      this.#link.patiently(what, ({ js }) => js.publish(`${this.#subjects}.m.${given}`, about, expect && { expect }));
    // Most names are new.
    if (await isNew(write({ lastSubjectSequence: 0 }))) return given;
    const old = await this.#stream.patiently(what, (streams) => this.#about(streams, given));
    if (old?.place === place) return given;
    await write();
    if (old !== undefined) await this.#purge(what, `c.${old.place}.>`);
    return given;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    this.#check(name);
    return this.#stream.patiently(`to read object ${name}`, async (streams) => {
      const about = await this.#about(streams, name);
      return about === undefined ? undefined : this.#read(streams, name, about);
    });
  }

  async has(name: string): Promise<boolean> {
    this.#check(name);
    return this.#stream.patiently(
      `to look for object ${name}`,
      async (streams) => (await this.#about(streams, name)) !== undefined,
    );
  }

  async delete(name: string): Promise<void> {
    this.#check(name);
    const what = `to delete object ${name}`;
    const about = await this.#stream.patiently(what, (streams) => this.#about(streams, name));
    if (about === undefined) return;
    await this.#purge(what, `m.${name}`);
    await this.#purge(what, `c.${about.place}.>`);
  }

  async #read(streams: JetStream, name: string, { place, pieces, sha256 }: About): Promise<Uint8Array> {
    const limits = { batch: 64, max_bytes: 8 << 20 };
    const found: Uint8Array[] = new Array(pieces);
    let count = 0;
    for (let seq = 1; count < pieces; ) {
      const { messages } = await readBatch(streams, this.#stream.name, `${this.#subjects}.c.${place}.>`, seq, limits);
      // The copy that answers may be behind, or somebody replaces the object just now.
      if (messages.length === 0) throw new Again(`${pieces - count} pieces of object ${name} are missing`);
      for (const { subject, data } of messages) {
        const i = Number(subject.slice(subject.lastIndexOf(".") + 1));
        if (found[i] === undefined) count++;
        found[i] = data;
      }
      seq = messages.at(-1)!.seq + 1;
    }
    const bytes = Buffer.concat(found);
    if (contentName(bytes) !== sha256)
      throw new ArchitechError("storage-failed", `object ${name} is not what was written`);
    return bytes;
  }

  async #about(streams: JetStream, name: string): Promise<About | undefined> {
    const message = await this.#stream.last(streams, `${this.#subjects}.m.${name}`);
    return message === undefined ? undefined : (JSON.parse(Buffer.from(message.data).toString()) as About);
  }

  async #purge(what: string, subject: string): Promise<void> {
    await this.#link.patiently(what, ({ jsm }) =>
      jsm.streams.purge(this.#stream.name, { filter: `${this.#subjects}.${subject}` }),
    );
  }

  #check(name: string): void {
    checkKey("an object", name);
    this.#link.checkOpen();
  }
}

/** Whether a name was written that was not there. */
async function isNew(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof ArchitechError && isWrongSequence(error.cause)) return false;
    throw error;
  }
}
