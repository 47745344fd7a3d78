import { randomUUID } from "node:crypto";
import type { FirstPart } from "architech/host";
import type { Subscription } from "../bus/bus.js";
import { Wakeup, waitFor } from "../bus/wakeup.js";
import type { ClusterBus } from "../cluster/cluster-bus.js";
import { packCut } from "../cluster/cut-message.js";
import { packWithBytes } from "../cluster/framed.js";
import { packLarge, unpackLarge } from "../cluster/large-value.js";
import {
  type PartJoining,
  type PartOffer,
  partBeginnings,
  partJoinings,
  partOffers,
} from "../cluster/part-messages.js";
import { SessionObjects } from "../cluster/session-objects.js";
import type { Log } from "../log.js";
import type { PartCounts } from "./part-counts.js";
import { PartLink } from "./part-link.js";

/** How long other workers have to say that they would take a part. */
const offerMs = 2_000;
/** How often they are asked meanwhile: one may just have become free. */
const againMs = 200;
/** How long they have then until it is there: to read the request and to lay out the model. */
const beginMs = 15_000;

const nothing: Uint8Array = new Uint8Array(0);

/** What a task is shared with. */
export interface PartSessionOptions {
  readonly bus: ClusterBus;
  readonly log: Log;
  readonly counts: PartCounts;
  /** This worker. */
  readonly worker: string;
  readonly task: Pick<PartOffer, "run" | "request" | "task">;
  /** Others that would take a part, at most. */
  readonly most: number;
}

/** The object that something of a part is in, where it is too large for a message: what it says, or where it goes on from. */
export function partObject(
  { run, task }: Pick<PartOffer, "run" | "task">,
  part: number,
  what: "word" | "from",
): string {
  return `${run}.${task}.part-${part}.${what}`;
}

/** Workers that have the parts of a task, from when they are asked to until one of them has gone or all is done. */
export class PartSession {
  readonly #options: PartSessionOptions;
  readonly #session = randomUUID();
  readonly #progress: SessionObjects;
  readonly #willing = new Set<string>();
  readonly #ready = new Set<string>();
  readonly #changed = new Wakeup();
  /** Objects to be deleted. */
  readonly #objects = new Set<string>();
  #joining: Subscription | undefined;
  #link: PartLink | undefined;
  #unable: string | undefined;
  #hasBegun = false;
  #isLost = false;
  #isClosed = false;

  private constructor(options: PartSessionOptions) {
    this.#options = options;
    this.#progress = new SessionObjects(options.bus.progress, this.#session);
  }

  /** Asks all workers; resolves as soon as enough are willing, or time is over. */
  static async offer(options: PartSessionOptions): Promise<PartSession> {
    const session = new PartSession(options);
    await session.#offer();
    return session;
  }

  /** Workers that would take a part. */
  get helpers(): number {
    return this.#willing.size;
  }

  /** Tells the others something. */
  say(type: "window" | "command", bytes: Uint8Array, to?: number): void {
    this.#link?.say(type, bytes, to);
  }

  /** Brings the first part together with the others. Throws where they do not come. */
  async begin(first: FirstPart): Promise<void> {
    const { bus, log, counts, task } = this.#options;
    const { parts } = first.cut;
    const workers = [...this.#willing].slice(0, parts - 1);
    if (workers.length < parts - 1)
      throw new Error(`${workers.length} other workers were free within ${offerMs / 1_000} s`);
    const link = new PartLink({
      bus,
      session: this.#session,
      part: 0,
      parts,
      needs: workers.map((_, i) => i + 1),
      log,
      counts,
      heard: (from, type, bytes) => {
        if (type === "window") first.window(from, bytes);
        else this.#answer(first, from, bytes);
      },
      lost: (why) => {
        this.#isLost = true;
        log.warn(`task ${task.task} of run ${task.run} is no longer in parts across workers: ${why}`);
        first.fail(why);
      },
    });
    this.#link = link;
    await link.open();
    const cut = await packLarge(packCut(first.cut), this.#progress, () => this.#object(0, "from"));
    for (const [i, bytes] of (first.from ?? []).entries()) await this.#progress.put(bytes, this.#object(i + 1, "from"));
    await this.#tellBeginning(workers, { cut, goesOn: first.from !== undefined });
    const areReady = (): boolean => workers.every((worker) => this.#ready.has(worker));
    await this.#until(() => this.#unable !== undefined || areReady(), beginMs);
    if (!areReady())
      throw new Error(this.#unable ?? `other workers did not have their parts within ${beginMs / 1_000} s`);
    this.#hasBegun = true;
    counts.led++;
    first.begin();
  }

  /** The task is over, or goes on without the others: they are free. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { bus, counts } = this.#options;
    if (this.#hasBegun) counts.led--;
    counts.ended(!this.#hasBegun ? "not-begun" : this.#isLost ? "lost" : "done");
    this.#changed.wake();
    this.#joining?.close();
    if (this.#link !== undefined) this.#link.close();
    // Whoever is willing is told that it is not needed.
    else if (this.#willing.size > 0) await this.#tellBeginning([]).catch(() => {});
    for (const name of this.#objects) await bus.progress.delete(name).catch(() => {});
  }

  async #offer(): Promise<void> {
    const { bus, task, worker, most } = this.#options;
    this.#joining = await bus.hear.joining(this.#session);
    void this.#hearJoining(this.#joining);
    const offer: PartOffer = { session: this.#session, worker, version: bus.version, ...task };
    const isEnough = (): boolean => this.#willing.size >= most;
    for (let ms = 0; ms < offerMs && !isEnough() && !this.#isClosed; ms += againMs) {
      await bus.tell.offer(partOffers.pack(offer));
      await this.#until(isEnough, againMs);
    }
  }

  async #hearJoining(joining: Subscription): Promise<void> {
    for await (const { bytes } of joining) {
      try {
        this.#hear(partJoinings.unpack(bytes));
      } catch (error) {
        this.#options.log.warn(`an answer to an offer of parts is passed over: ${(error as Error).message}`);
      }
    }
  }

  #hear({ session, worker, state, why }: PartJoining): void {
    if (session !== this.#session || worker === this.#options.worker) return;
    if (state === "willing") this.#willing.add(worker);
    else if (state === "ready") this.#ready.add(worker);
    else {
      this.#willing.delete(worker);
      this.#unable = `a worker cannot take its part: ${why ?? "it does not say why"}`;
    }
    this.#changed.wake();
  }

  #tellBeginning(workers: readonly string[], { cut = nothing, goesOn = false } = {}): Promise<void> {
    const beginning = { session: this.#session, workers, goesOn, bytes: cut };
    return this.#options.bus.tell.beginning(this.#session, packWithBytes(partBeginnings, beginning));
  }

  #answer(first: FirstPart, part: number, value: Uint8Array): void {
    if (value[0] !== 0) this.#object(part, "word");
    unpackLarge(value, this.#progress)
      .then((bytes) => first.answer(part, bytes))
      .catch((error: Error) => first.fail(`part ${part} says what cannot be: ${error.message}`));
  }

  /** The name of an object that goes with this session. */
  #object(part: number, what: "word" | "from"): string {
    const name = partObject(this.#options.task, part, what);
    this.#objects.add(name);
    return name;
  }

  async #until(holds: () => boolean, ms: number): Promise<void> {
    const end = performance.now() + ms;
    for (;;) {
      const changed = this.#changed.next;
      const left = end - performance.now();
      if (holds() || this.#isClosed || left <= 0) return;
      await waitFor(changed, undefined, left);
    }
  }
}
