import { pause } from "@architech/protocol";
import { HostedPart, type PartSaying, plannedTask } from "architech/host";
import type { Subscription } from "../bus/bus.js";
import type { ClusterBus } from "../cluster/cluster-bus.js";
import { unpackCut } from "../cluster/cut-message.js";
import { unpackWithBytes } from "../cluster/framed.js";
import { packLarge, unpackLarge } from "../cluster/large-value.js";
import {
  type PartBeginning,
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
import { partObject } from "./part-session.js";
import type { RunWorks } from "./run-work.js";

/** How long it is willing before it has other things to do. */
const willingMs = 5_000;
/** How long until it tries again to hear of offers. */
const retryMs = 2_000;

/** What parts of others are taken with. */
export interface PartHelperOptions {
  readonly bus: ClusterBus;
  readonly log: Log;
  readonly counts: PartCounts;
  /** This worker. */
  readonly worker: string;
  readonly works: RunWorks;
  /** Whether a thread has nothing to do. */
  readonly isFree: () => boolean;
  /** It has more to do, or less. */
  readonly changed: () => void;
}

/** Takes parts of tasks that other workers have, as long as there is nothing else to do. */
export class PartHelper {
  readonly #options: PartHelperOptions;
  readonly #stopped = new AbortController();
  readonly #sessions = new Map<string, Promise<void>>();
  #listening: Promise<void> | undefined;

  constructor(options: PartHelperOptions) {
    this.#options = options;
  }

  /** Parts that it has, or would take. */
  get parts(): number {
    return this.#sessions.size;
  }

  start(): void {
    this.#listening = this.#hearOffers();
  }

  /** Takes no more parts, and resolves once those that it has are over. */
  async drain(): Promise<void> {
    this.#stopped.abort();
    await this.#listening;
    await Promise.all(this.#sessions.values());
  }

  async #hearOffers(): Promise<void> {
    const { bus, log } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        const offers = await bus.hear.offers();
        const stop = (): void => offers.close();
        if (signal.aborted) stop();
        signal.addEventListener("abort", stop);
        for await (const { bytes } of offers) this.#hear(bytes);
      } catch (error) {
        if (!signal.aborted) log.warn(`it cannot be heard who offers parts: ${(error as Error).message}`);
      }
      await pause(retryMs, signal);
    }
  }

  #hear(bytes: Uint8Array): void {
    const { bus, log, worker, isFree, changed } = this.#options;
    let offer: PartOffer;
    try {
      offer = partOffers.unpack(bytes);
    } catch (error) {
      log.warn(`an offer of parts is passed over: ${(error as Error).message}`);
      return;
    }
    const { session, version } = offer;
    if (offer.worker === worker || version !== bus.version || !isFree() || this.#sessions.has(session)) return;
    const helping = this.#help(offer)
      .catch((error: Error) => log.warn(`a part of run ${offer.run} cannot be taken: ${error.message}`))
      .finally(() => {
        this.#sessions.delete(session);
        changed();
      });
    this.#sessions.set(session, helping);
    changed();
  }

  /** Is willing, and has a part from when it is asked to until that is over. */
  async #help(offer: PartOffer): Promise<void> {
    const { bus, log, worker } = this.#options;
    const { session } = offer;
    const tell = (joining: Omit<PartJoining, "session" | "worker">): Promise<void> =>
      bus.tell.joining(session, partJoinings.pack({ session, worker, ...joining } satisfies PartJoining));
    const beginnings = await bus.hear.beginning(session);
    const timer = setTimeout(() => beginnings.close(), willingMs);
    try {
      await tell({ state: "willing" });
      const begin = await this.#beginning(beginnings, session);
      const part = begin === undefined ? 0 : begin.workers.indexOf(worker) + 1;
      if (begin === undefined || part === 0) return;
      await this.#have(offer, { part, begin, ready: () => tell({ state: "ready" }) });
    } catch (error) {
      log.warn(`a part of run ${offer.run} cannot be taken: ${(error as Error).message}`);
      await tell({ state: "unable", why: (error as Error).message }).catch(() => {});
    } finally {
      clearTimeout(timer);
      beginnings.close();
    }
  }

  /** How it begins, by the first word of it that can be read. */
  async #beginning(beginnings: Subscription, session: string): Promise<PartBeginning | undefined> {
    for await (const { bytes } of beginnings) {
      try {
        const beginning = unpackWithBytes(partBeginnings, bytes);
        if (beginning.session === session) return beginning;
      } catch (error) {
        this.#options.log.warn(`the beginning of parts is passed over: ${(error as Error).message}`);
      }
    }
    return undefined;
  }

  async #have(
    offer: PartOffer,
    {
      part,
      begin,
      ready,
    }: { readonly part: number; readonly begin: PartBeginning; readonly ready: () => Promise<void> },
  ): Promise<void> {
    const { bus, log, counts, works } = this.#options;
    const progress = new SessionObjects(bus.progress, offer.session);
    const cut = unpackCut(await unpackLarge(begin.bytes, progress));
    const from = begin.goesOn ? await progress.get(partObject(offer, part, "from")) : undefined;
    if (begin.goesOn && from === undefined) throw new Error("where its part goes on from is gone");
    const { plan } = await works.of(offer);
    const { task } = plannedTask(plan, offer.task);
    let over: () => void = () => {};
    const isOver = new Promise<void>((resolve) => (over = resolve));
    const link = new PartLink({
      bus,
      session: offer.session,
      part,
      parts: cut.parts,
      needs: [0],
      log,
      counts,
      heard: (from, type, bytes) => {
        if (type === "window") hosted.window(from, bytes);
        else if (type === "command" && from === 0) hosted.command(bytes);
      },
      lost: over,
    });
    const saying: PartSaying = {
      window: (bytes) => link.say("window", bytes),
      answer: (bytes) =>
        void packLarge(bytes, progress, () => partObject(offer, part, "word"))
          .then((value) => link.say("answer", value))
          .catch((error: Error) => {
            log.warn(`what a part has counted cannot be said: ${error.message}`);
            over();
          }),
    };
    const hosted = new HostedPart(task, part, cut, saying, from);
    counts.taken++;
    try {
      await link.open();
      await ready();
      await isOver;
    } finally {
      counts.taken--;
      link.close();
      hosted.close();
    }
  }
}
