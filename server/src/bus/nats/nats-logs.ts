import { ArchitechError } from "@architech/protocol";
import { headers } from "@nats-io/transport-node";
import { Turns } from "../../contents/files/turns.js";
import type { LogInfo, Logs } from "../bus.js";
import { endConflict, frameConflict } from "../log-conflict.js";
import { checkName, checkNumber, checkSize } from "../names.js";
import { follow, told, toldOf } from "./follow.js";
import type { JetStream, Link } from "./link.js";
import { EnsuredStream } from "./streams.js";
import { Again, isWrongSequence } from "./transient.js";

const framesHeader = "Architech-Frames";
const tailsKept = 1_000;
/** Looks without finding anything between two questions whether the log is still there. */
const looksBeforeAsking = 6;

/** How far a log is, and the sequence of its last message in the stream; 0 for none. */
interface Tail extends LogInfo {
  readonly last: number;
}

/**
 * All logs of a store are one stream: frame 7 of log r has the subject `….r.7`, and its end `….r.end`. A frame is stored
 * on condition that the last message below `….r` is still the one before, which the stream's leader checks: so frames
 * come once, in order, whoever writes, and without a window of time.
 */
export class NatsLogs implements Logs {
  readonly #link: Link;
  readonly #stream: EnsuredStream;
  readonly #subjects: string;
  readonly #turns = new Turns();
  /** What is known of logs that are written here; others may write them too. */
  readonly #tails = new Map<string, Tail>();

  constructor(link: Link, prefix: string, store: string, replicas: number | undefined) {
    this.#link = link;
    this.#subjects = `${prefix}.l.${store}`;
    this.#stream = new EnsuredStream(link, replicas, {
      name: `${prefix}_l_${store}`,
      subjects: [`${this.#subjects}.>`],
      allow_direct: true,
      discard: "new",
      republish: told(prefix, "l", store),
    });
  }

  async append(log: string, seq: number, bytes: Uint8Array): Promise<void> {
    this.#check(log);
    checkNumber("the number of a frame", seq, 0);
    checkSize(`frame ${seq} of ${log}`, bytes);
    await this.#write(log, `to append frame ${seq} of log ${log}`, async (streams, tail, isFresh) => {
      if (seq < tail.frames) {
        const known = await this.#stream.last(streams, `${this.#subjects}.${log}.${seq}`);
        if (known !== undefined && Buffer.compare(known.data, bytes) === 0) return tail;
        if (known === undefined && !isFresh) throw new Stale();
        throw frameConflict(log, seq, tail);
      }
      if (seq > tail.frames || tail.ended) {
        if (!isFresh) throw new Stale();
        throw frameConflict(log, seq, tail);
      }
      const { seq: last } = await streams.js.publish(`${this.#subjects}.${log}.${seq}`, bytes, this.#after(log, tail));
      return { frames: seq + 1, ended: false, summary: undefined, last };
    });
  }

  async end(log: string, frames: number, summary: Uint8Array): Promise<void> {
    this.#check(log);
    checkNumber("the number of frames", frames, 0);
    checkSize(`the summary of ${log}`, summary);
    await this.#write(log, `to end log ${log}`, async ({ js }, tail, isFresh) => {
      const isSame = tail.summary !== undefined && Buffer.compare(tail.summary, summary) === 0;
      if (tail.frames === frames && isSame) return tail;
      if (tail.frames !== frames || tail.ended) {
        if (!isFresh) throw new Stale();
        throw endConflict(log, frames, tail);
      }
      const given = headers();
      given.set(framesHeader, String(frames));
      const options = { ...this.#after(log, tail), headers: given };
      const { seq: last } = await js.publish(`${this.#subjects}.${log}.end`, summary, options);
      return { frames, ended: true, summary, last };
    });
  }

  async *read(log: string, from = 0, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    this.#check(log);
    checkNumber("the number of a frame", from, 0);
    const subject = `${this.#subjects}.${log}.>`;
    let next = from;
    let hasBegun = false;
    let looks = 0;
    const start = { subject, from: await this.#placeOf(log, from), signal };
    for await (const messages of follow(this.#link, this.#stream, start)) {
      for (const message of messages) {
        const seq = numberOf(message.subject);
        if (seq === "end") return;
        // Frames before the first that was asked for are passed over; afterwards the next is the next.
        if (seq !== next && (hasBegun || seq > next)) throw deleted(log);
        if (seq < next) continue;
        if (signal?.aborted === true || this.#link.closing.aborted) return;
        hasBegun = true;
        next++;
        yield message.data;
      }
      if (messages.length > 0) looks = 0;
      else if (hasBegun && ++looks % looksBeforeAsking === 0 && (await this.#info(log)).frames < next)
        throw deleted(log);
    }
  }

  async info(log: string): Promise<LogInfo> {
    this.#check(log);
    const tail = await this.#info(log);
    // Whoever asks is about to write, and is told when that is not the last any more.
    if (!this.#tails.has(log)) this.#remember(log, tail);
    const { frames, ended, summary } = tail;
    return { frames, ended, summary };
  }

  async delete(log: string): Promise<void> {
    this.#check(log);
    await this.#turns.take(log, () =>
      this.#stream.patiently(`to delete log ${log}`, async ({ jsm, nc }) => {
        this.#tails.delete(log);
        await jsm.streams.purge(this.#stream.name, { filter: `${this.#subjects}.${log}.>` });
        // Whoever reads it should look.
        nc.publish(toldOf(`${this.#subjects}.${log}.deleted`));
      }),
    );
  }

  /** Writes after the tail of a log, found anew when somebody else has written meanwhile. */
  async #write(
    log: string,
    what: string,
    act: (streams: JetStream, tail: Tail, isFresh: boolean) => Promise<Tail>,
  ): Promise<void> {
    await this.#turns.take(log, () =>
      this.#stream.patiently(what, async (streams, attempt) => {
        const fresh = async (): Promise<Tail> => act(streams, await this.#tail(streams, log), true);
        const known = attempt === 0 ? this.#tails.get(log) : undefined;
        this.#tails.delete(log);
        try {
          const acted = known === undefined ? fresh() : act(streams, known, false);
          this.#remember(
            log,
            await acted.catch((error) => {
              if (known === undefined || !(error instanceof Stale || isWrongSequence(error))) throw error;
              return fresh();
            }),
          );
        } catch (error) {
          throw isWrongSequence(error) ? new Again(`log ${log} has another writer`) : error;
        }
      }),
    );
  }

  #after(log: string, { last }: Tail): { expect: { lastSubjectSequence: number; lastSubjectSequenceSubject: string } } {
    return { expect: { lastSubjectSequence: last, lastSubjectSequenceSubject: `${this.#subjects}.${log}.>` } };
  }

  async #info(log: string): Promise<Tail> {
    return this.#stream.patiently(`to look at log ${log}`, (streams) => this.#tail(streams, log));
  }

  async #tail(streams: JetStream, log: string): Promise<Tail> {
    const message = await this.#stream.last(streams, `${this.#subjects}.${log}.>`);
    if (message === undefined) return { frames: 0, ended: false, summary: undefined, last: 0 };
    const number = numberOf(message.subject);
    if (number !== "end") return { frames: number + 1, ended: false, summary: undefined, last: message.seq };
    const frames = Number(message.header.get(framesHeader));
    return { frames, ended: true, summary: message.data, last: message.seq };
  }

  /** Where to begin to read: just after the frame before, where that is known. */
  async #placeOf(log: string, seq: number): Promise<number> {
    if (seq === 0) return 1;
    const before = await this.#stream.patiently(`to read log ${log}`, (streams) =>
      this.#stream.last(streams, `${this.#subjects}.${log}.${seq - 1}`),
    );
    return before === undefined ? 1 : before.seq + 1;
  }

  #remember(log: string, tail: Tail): void {
    this.#tails.delete(log);
    this.#tails.set(log, tail);
    if (this.#tails.size > tailsKept) this.#tails.delete(this.#tails.keys().next().value!);
  }

  #check(log: string): void {
    checkName("a log", log);
    this.#link.checkOpen();
  }
}

/** What is remembered of a log does not fit: look again before refusing. */
class Stale extends Error {}

/** Which frame a message is. Throws `bad-message` for what no writer of ours has sent. */
function numberOf(subject: string): number | "end" {
  const word = subject.slice(subject.lastIndexOf(".") + 1);
  if (word === "end") return word;
  if (!/^(0|[1-9][0-9]{0,14})$/.test(word)) throw new ArchitechError("bad-message", `${subject} is no frame of a log`);
  return Number(word);
}

function deleted(log: string): ArchitechError {
  return new ArchitechError("log-deleted", `log ${log} was deleted while it was read`);
}
