import { randomUUID } from "node:crypto";
import { pause } from "@architech/protocol";
import { FirstPart, type PartsShared } from "architech/host";
import type { Subscription } from "../bus/bus.js";
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
import type { Log } from "../log.js";
import { PartLink } from "./part-link.js";

/** How long other workers have to say that they would take a part. */
const offerMs = 1_000;
const againMs = 200;
/** How long they have then until it is there: to read the request and to lay out the model. */
const beginMs = 15_000;

/** What a task is shared with. */
export interface SharedTaskOptions {
  readonly bus: ClusterBus;
  readonly log: Log;
  /** This worker. */
  readonly worker: string;
  readonly task: Pick<PartOffer, "run" | "request" | "task">;
  /** Others that would take a part, at most. */
  readonly most: number;
}

/** The name of what a part says that is too large for a message. */
export function largeWordKey({ run, task }: Pick<PartOffer, "run" | "task">, part: number): string {
  return `${run}.${task}.part-${part}`;
}

/** A task of which this worker has the first part, and others have the rest. */
export class SharedTask {
  readonly #options: SharedTaskOptions;
  readonly #session = randomUUID();
  readonly #willing = new Set<string>();
  readonly #ready = new Set<string>();
  #joining: Subscription | undefined;
  #changed: () => void = () => {};
  #first: FirstPart | undefined;
  #link: PartLink | undefined;
  #unable: string | undefined;
  #isClosed = false;

  private constructor(options: SharedTaskOptions) {
    this.#options = options;
  }

  /** Asks all workers; resolves as soon as enough are willing, or time is over. */
  static async offer(options: SharedTaskOptions): Promise<SharedTask> {
    const shared = new SharedTask(options);
    await shared.#offer();
    return shared;
  }

  /** Workers beside this one that would take a part. */
  get helpers(): number {
    return this.#willing.size;
  }

  /** The first part is here, and has to be brought together with the others. */
  share(shared: PartsShared): void {
    const first = new FirstPart(shared, {
      window: (bytes) => this.#link?.say("window", bytes),
      command: (part, bytes) => this.#link?.say("command", bytes, part),
      closed: () => void this.close(),
    });
    // It is tried once; whoever begins anew does so with what is here.
    const isFirst = this.#first === undefined && !this.#isClosed;
    this.#first ??= first;
    const begun = isFirst ? this.#begin(first) : Promise.reject(new Error("the other workers were asked once already"));
    begun.catch((error: Error) => first.fail(error.message));
  }

  /** The task is over, or goes on without the others: they are free. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#changed();
    this.#joining?.close();
    this.#first?.fail("the task is over");
    if (this.#link !== undefined) this.#link.close();
    // Whoever is willing is told that it is not needed.
    else if (this.#willing.size > 0) await this.#tellBeginning([]).catch(() => {});
    const { bus, task } = this.#options;
    for (const part of this.#largeWords) await bus.progress.delete(largeWordKey(task, part)).catch(() => {});
  }

  readonly #largeWords = new Set<number>();

  async #offer(): Promise<void> {
    const { bus, task, worker, most } = this.#options;
    this.#joining = await bus.hear.joining(this.#session);
    void this.#hearJoining(this.#joining);
    const offer: PartOffer = { session: this.#session, worker, version: bus.version, ...task };
    // Said more than once: one that is about to end what it has is free a moment later.
    for (let passed = 0; passed < offerMs && this.#willing.size < most && !this.#isClosed; passed += againMs) {
      await bus.tell.offer(partOffers.pack(offer));
      await this.#until(() => this.#willing.size >= most, againMs);
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
    this.#changed();
  }

  async #begin(first: FirstPart): Promise<void> {
    const { bus, log, task } = this.#options;
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
      heard: (from, type, bytes) => {
        if (type === "window") first.window(from, bytes);
        else this.#answer(first, from, bytes);
      },
      lost: (why) => {
        log.warn(`task ${task.task} of run ${task.run} goes on without other workers: ${why}`);
        first.fail(why);
      },
    });
    this.#link = link;
    await link.open();
    const key = `${task.run}.${task.task}.cut`;
    const cut = await packLarge(packCut(first.cut), bus.progress, () => key);
    await this.#tellBeginning(workers, cut);
    await this.#until(() => this.#unable !== undefined || workers.every((worker) => this.#ready.has(worker)), beginMs);
    if (this.#isClosed) return;
    await bus.progress.delete(key).catch(() => {});
    if (workers.every((worker) => this.#ready.has(worker))) return first.begin();
    link.close();
    throw new Error(this.#unable ?? `other workers did not have their parts within ${beginMs / 1_000} s`);
  }

  #tellBeginning(workers: readonly string[], cut: Uint8Array = new Uint8Array(0)): Promise<void> {
    const session = this.#session;
    return this.#options.bus.tell.beginning(session, packWithBytes(partBeginnings, { session, workers, bytes: cut }));
  }

  #answer(first: FirstPart, part: number, value: Uint8Array): void {
    if (value[0] !== 0) this.#largeWords.add(part);
    unpackLarge(value, this.#options.bus.progress)
      .then((bytes) => first.answer(part, bytes))
      .catch((error: Error) => first.fail(`part ${part} says what cannot be: ${error.message}`));
  }

  async #until(holds: () => boolean, ms: number): Promise<void> {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), ms);
    while (!holds() && !over.signal.aborted && !this.#isClosed) {
      const changed = new Promise<void>((resolve) => (this.#changed = resolve));
      await Promise.race([changed, pause(ms, over.signal)]);
    }
    clearTimeout(timer);
    over.abort();
  }
}
