import { ArchitechError } from "@architech/protocol";
import type { Subscription } from "../bus/bus.js";
import type { ClusterBus } from "../cluster/cluster-bus.js";
import { packWithBytes, unpackWithBytes } from "../cluster/framed.js";
import { type PartWord, type PartWordType, partWords } from "../cluster/part-messages.js";
import type { Log } from "../log.js";
import type { PartCounts } from "./part-counts.js";

/** How often it is looked whether something is missing. */
const lookMs = 250;
/** A part says so often at least that it is there, and has gone when it says nothing for so long. */
const aliveMs = 1_000;
const goneMs = 6_000;

const nothing = new Uint8Array(0);

/** Where a part says what it has to say to the others. */
export interface PartLinkOptions {
  readonly bus: ClusterBus;
  readonly session: string;
  readonly part: number;
  readonly parts: number;
  /** The parts without which it does not go on. */
  readonly needs: readonly number[];
  readonly log: Log;
  readonly counts: PartCounts;
  /** Is handed what others say, that of each in its order and once. What it throws ends the link. */
  readonly heard: (from: number, type: PartWordType, bytes: Uint8Array) => void;
  /** It does not go on: one that is needed has ended, or gone, or says what cannot be. */
  readonly lost: (why: string) => void;
}

/** Another part, as far as it has been heard. */
interface Heard {
  /** The last word that has come in its order, and the last that there is. */
  got: number;
  last: number;
  /** What that word was, so that two of one number are noticed. */
  word: Uint8Array;
  atMs: number;
  /** When it was asked to say something once more. */
  askedMs: number;
  /** The last of the words of this part that it has. */
  has: number;
}

/**
 * What the parts of one task say to each other over the bus: nothing of it is stored there. Each numbers its words and
 * keeps those that some other has not heard yet; who misses one asks for it once more.
 */
export class PartLink {
  readonly #options: PartLinkOptions;
  readonly #others: ReadonlyMap<number, Heard>;
  readonly #listening: Subscription[] = [];
  /** Words that not all have heard, by number. */
  readonly #kept = new Map<number, Uint8Array>();
  #seq = 0;
  #saidMs = performance.now();
  #lookedMs = performance.now();
  #beat: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PartLinkOptions) {
    this.#options = options;
    const atMs = performance.now();
    const others = Array.from({ length: options.parts }, (_, part) => part).filter((part) => part !== options.part);
    this.#others = new Map(others.map((part) => [part, { got: 0, last: 0, word: nothing, atMs, askedMs: 0, has: 0 }]));
  }

  /** Resolves when it hears all others. */
  async open(): Promise<void> {
    const { bus, session } = this.#options;
    await Promise.all(
      [...this.#others].map(async ([part, heard]) => {
        const words = await bus.hear.words(session, part);
        this.#listening.push(words);
        if (this.#isClosed) words.close();
        else void this.#listen(words, part, heard);
      }),
    );
    this.#lookedMs = performance.now();
    if (!this.#isClosed) this.#beat = setInterval(() => this.#look(), lookMs);
  }

  /** Says something that all shall hear, in the order in which it is said. `to`: whom it is for, where it is for one. */
  say(type: "window" | "command" | "answer", bytes: Uint8Array, to = 0): void {
    if (this.#isClosed) return;
    const word = this.#pack(type, { seq: ++this.#seq, bytes, to });
    this.#kept.set(this.#seq, word);
    if (type === "window") this.#options.counts.window();
    this.#publish(word);
  }

  /** Says nothing more and hears nothing more; tells the others so. */
  close(): void {
    if (this.#isClosed) return;
    this.#publish(this.#pack("end"));
    this.#isClosed = true;
    clearInterval(this.#beat);
    for (const words of this.#listening) words.close();
  }

  #pack(type: PartWordType, { seq = 0, bytes = nothing, to = 0 }: Partial<PartWord> = {}): Uint8Array {
    const { session, part, parts } = this.#options;
    const got = Array.from({ length: parts }, (_, other) => this.#others.get(other)?.got ?? 0);
    const word: PartWord = { session, from: part, seq, last: this.#seq, got, type, to, bytes };
    return packWithBytes(partWords, word);
  }

  #publish(word: Uint8Array): void {
    if (this.#isClosed) return;
    const { bus, session, part, counts } = this.#options;
    counts.said(word.byteLength);
    this.#saidMs = performance.now();
    // What does not arrive is asked for.
    bus.tell.word(session, part, word).catch(() => {});
  }

  async #listen(words: Subscription, part: number, heard: Heard): Promise<void> {
    for await (const { bytes } of words) {
      if (this.#isClosed) return;
      this.#options.counts.heard(bytes.byteLength);
      try {
        this.#hear(unpackWithBytes(partWords, bytes), part, heard);
      } catch (error) {
        // Whoever wrote it: the word that was to come is asked for.
        this.#options.log.warn(`a word of part ${part} is passed over: ${(error as Error).message}`);
      }
    }
  }

  #hear(word: PartWord, part: number, heard: Heard): void {
    const { session, parts, part: own } = this.#options;
    const has = word.got[own];
    if (
      word.session !== session ||
      word.from !== part ||
      word.got.length !== parts ||
      word.to >= parts ||
      has === undefined
    )
      throw new ArchitechError("bad-message", "it is not one of these parts that says it");
    // Somebody has spoken in the name of this part.
    if (has > this.#seq) this.#lose(`part ${part} has heard what part ${own} has not said`);
    heard.atMs = performance.now();
    heard.last = Math.max(heard.last, word.last);
    heard.has = Math.max(heard.has, has);
    this.#forget();
    if (word.type === "again") {
      if (word.to === own) this.#repeat(heard.has);
    } else if (word.type === "end") this.#gone(part, "has left");
    else if (word.seq === heard.got + 1) this.#next(word, part, heard);
    else if (word.seq > heard.got) this.#ask(part, heard);
    else if (word.seq === heard.got && word.seq > 0 && !isSame(word.bytes, heard.word))
      this.#lose(`part ${part} says two things at once`);
  }

  /** Says once more what comes after a word. */
  #repeat(after: number): void {
    for (const [seq, word] of this.#kept) {
      if (seq <= after) continue;
      this.#options.counts.repeated();
      this.#publish(word);
    }
  }

  #next({ seq, type, to, bytes }: PartWord, part: number, heard: Heard): void {
    heard.got = seq;
    heard.word = bytes;
    if (type !== "window" && to !== this.#options.part) return;
    try {
      this.#options.heard(part, type, bytes);
    } catch (error) {
      this.#lose(`part ${part} says what cannot be: ${(error as Error).message}`);
    }
  }

  /** Forgets the words that all have. */
  #forget(): void {
    const all = Math.min(...[...this.#others.values()].map(({ has }) => has));
    for (const seq of this.#kept.keys()) {
      if (seq > all) return;
      this.#kept.delete(seq);
    }
  }

  #look(): void {
    const now = performance.now();
    // Who stood still itself has heard nobody meanwhile.
    const stoodStill = now - this.#lookedMs > goneMs / 3;
    this.#lookedMs = now;
    for (const [part, heard] of this.#others) {
      if (stoodStill) heard.atMs = now;
      if (heard.last > heard.got) this.#ask(part, heard);
      if (now - heard.atMs > goneMs) this.#gone(part, `has not been heard for ${goneMs / 1_000} s`);
    }
    if (now - this.#saidMs >= aliveMs) this.#publish(this.#pack("alive"));
  }

  #ask(part: number, heard: Heard): void {
    const now = performance.now();
    if (now - heard.askedMs < lookMs / 2) return;
    heard.askedMs = now;
    this.#publish(this.#pack("again", { to: part }));
  }

  #gone(part: number, what: string): void {
    if (this.#options.needs.includes(part)) this.#lose(`the worker of part ${part} ${what}`);
  }

  #lose(why: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.lost(why);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
