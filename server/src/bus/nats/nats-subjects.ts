import { ArchitechError, type ErrorCode, errorCodes, pause } from "@architech/protocol";
import { errors, headers, type Msg } from "@nats-io/transport-node";
import type { Answer, Responder, Subscription } from "../bus.js";
import { checkKey, checkPattern, checkSize } from "../names.js";
import { NoticeBuffer } from "../notice-buffer.js";
import { defaultRequestMs, noResponder, requestTimeout } from "../request-errors.js";
import type { Link } from "./link.js";

const errorHeader = "Architech-Error";
const flushMs = 2_500;

/** Requests and notices over NATS itself; nothing of them is stored. */
export class NatsSubjects {
  readonly #link: Link;
  readonly #prefix: string;
  readonly #open = new Set<NoticeBuffer>();

  constructor(link: Link, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
    link.closing.addEventListener("abort", () => {
      for (const buffer of [...this.#open]) buffer.close();
    });
  }

  async request(subject: string, bytes: Uint8Array, timeoutMs: number = defaultRequestMs): Promise<Uint8Array> {
    checkKey("a subject", subject);
    checkSize(`a request to ${subject}`, bytes);
    const nc = await this.#link.connectionInTime(`to ask ${subject}`);
    const answer = await nc
      .request(`${this.#prefix}.r.${subject}`, bytes, { timeout: timeoutMs })
      .catch((error: Error) => {
        this.#link.checkOpen();
        if (error instanceof errors.NoRespondersError) throw noResponder(subject);
        if (error instanceof errors.RequestError && error.isNoResponders()) throw noResponder(subject);
        throw requestTimeout(subject, timeoutMs);
      });
    const thrown = answer.headers?.get(errorHeader);
    if (thrown) throw new ArchitechError(knownCode(thrown), Buffer.from(answer.data).toString());
    return answer.data;
  }

  async respond(subject: string, answer: Answer): Promise<Responder> {
    checkKey("a subject", subject);
    const nc = await this.#link.connectionInTime(`to respond on ${subject}`);
    const sub = nc.subscribe(`${this.#prefix}.r.${subject}`, {
      queue: "responders",
      callback: (error, message) => {
        // What cannot be answered any more is a request that nobody answered.
        if (error === null) respondTo(message, subject, answer).catch(() => {});
      },
    });
    await Promise.race([nc.flush(), pause(flushMs)]);
    return {
      close: async () => {
        if (!nc.isClosed()) await sub.drain();
      },
    };
  }

  async publish(subject: string, bytes: Uint8Array): Promise<void> {
    checkKey("a subject", subject);
    checkSize(`a notice of ${subject}`, bytes);
    const nc = await this.#link.connectionInTime(`to tell ${subject}`);
    nc.publish(`${this.#prefix}.n.${subject}`, bytes);
  }

  async subscribe(pattern: string): Promise<Subscription> {
    checkPattern(pattern);
    const nc = await this.#link.connectionInTime(`to listen to ${pattern}`);
    const own = `${this.#prefix}.n.`;
    const sub = nc.subscribe(`${own}${pattern}`, {
      callback: (error, { subject, data }) => {
        if (error === null) buffer.push({ subject: subject.slice(own.length), bytes: data });
      },
    });
    const buffer = new NoticeBuffer(() => {
      this.#open.delete(buffer);
      if (!nc.isClosed() && !nc.isDraining()) sub.unsubscribe();
    });
    this.#open.add(buffer);
    await Promise.race([nc.flush(), pause(flushMs)]);
    return buffer;
  }
}

async function respondTo(message: Msg, subject: string, answer: Answer): Promise<void> {
  try {
    const reply = await answer(message.data);
    checkSize(`the answer of ${subject}`, reply);
    message.respond(reply);
  } catch (error) {
    const given = headers();
    given.set(errorHeader, error instanceof ArchitechError ? error.code : "internal");
    message.respond(Buffer.from(error instanceof Error ? error.message : String(error)), { headers: given });
  }
}

function knownCode(code: string): ErrorCode {
  return errorCodes.find((known) => known === code) ?? "internal";
}
