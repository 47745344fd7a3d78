import { pause } from "@architech/protocol";
import { headers, type Msg, nanos, nuid } from "@nats-io/transport-node";
import type { Log } from "../../log.js";
import type { Delivery, LaneDepth, QueueOptions, TakeOptions, WorkQueue } from "../bus.js";
import { LaneTurns } from "../lane-turns.js";
import { checkId, checkNumber, checkSize } from "../names.js";
import { queueDefaults } from "../queue-options.js";
import type { Link } from "./link.js";
import { type PullEnd, pull } from "./pull.js";
import { EnsuredStream } from "./streams.js";

/** A pull that waits is made anew after so long, ms, and shows life every second. */
const standMs = 5_000;
const heartbeatMs = 1_000;
const silenceMs = 2_500;
/** A message that came when nobody waited is kept for who asks next, ms; then it goes back. */
const spareMs = 50;
/** Which publish has stored a message, where several had its id. */
const publishHeader = "Architech-Publish";
/** How many workers can wait at once. */
const maxWaiting = 20_000;

/** The stream of a queue, by which whoever scales its workers finds it; its consumers are called as its lanes. */
export const queueStream = (prefix: string, name: string): string => `${prefix}_q_${name}`;

interface Waiter {
  readonly lanes: readonly string[];
  give(delivery: Delivery | undefined): void;
}

/** A stream with the retention of a work queue; each lane is a subject with one durable consumer, which all workers share. */
export class NatsQueue implements WorkQueue {
  readonly #link: Link;
  readonly #stream: EnsuredStream;
  readonly #subjects: string;
  readonly #turns: LaneTurns;
  readonly #log: Log;
  /** Takes that found nothing; who waits longest is first. */
  readonly #waiters: Waiter[] = [];
  /** Lanes with a pull that waits. */
  readonly #standing = new Set<string>();
  /** Messages that came when nobody waited, and what gives them back. */
  readonly #spare = new Map<Delivery, NodeJS.Timeout>();
  #order: string[] | undefined;

  constructor(
    link: Link,
    { prefix, name, replicas, log }: { prefix: string; name: string; replicas: number | undefined; log: Log },
    options: QueueOptions,
  ) {
    const { ackWaitMs, dedupeMs } = queueDefaults(options);
    this.#link = link;
    this.#log = log;
    this.#turns = new LaneTurns(options.lanes);
    this.#subjects = `${prefix}.q.${name}`;
    const config = {
      name: queueStream(prefix, name),
      subjects: [`${this.#subjects}.*`],
      retention: "workqueue" as const,
      discard: "new" as const,
      duplicate_window: nanos(dedupeMs),
    };
    this.#stream = new EnsuredStream(link, replicas, config, async ({ jsm }) => {
      for (const lane of this.#turns.names)
        await jsm.consumers.add(config.name, {
          durable_name: lane,
          filter_subject: `${this.#subjects}.${lane}`,
          ack_policy: "explicit",
          ack_wait: nanos(ackWaitMs),
          max_deliver: -1,
          max_ack_pending: -1,
          max_waiting: maxWaiting,
        });
    });
    link.closing.addEventListener("abort", () => this.#stop(), { once: true });
  }

  async publish(lane: string, bytes: Uint8Array, { id }: { readonly id: string }): Promise<boolean> {
    this.#turns.check(lane);
    checkId(id);
    checkSize(`message ${id}`, bytes);
    this.#link.checkOpen();
    const own = nuid.next();
    const given = headers();
    given.set(publishHeader, own);
    return this.#stream.patiently(`to store message ${id}`, async ({ js, jsm }, attempt) => {
      const { duplicate, seq } = await js.publish(`${this.#subjects}.${lane}`, bytes, { msgID: id, headers: given });
      if (!duplicate || attempt === 0) return !duplicate;
      // An earlier try, whose answer was lost, may have stored it; or somebody else has.
      const stored = await jsm.streams.getMessage(this.#stream.name, { seq });
      return stored?.header.get(publishHeader) === own;
    });
  }

  async take({ max = 1, lanes, signal }: TakeOptions = {}): Promise<Delivery[]> {
    checkNumber("max", max, 1);
    const among = this.#turns.among(lanes);
    this.#link.checkOpen();
    const isOver = (): boolean => signal?.aborted === true || this.#link.closing.aborted;
    while (!isOver()) {
      const spare = this.#takeSpare(max, among);
      if (spare.length > 0) return spare;
      const found = await this.#sweep(max, among);
      if (found.length > 0) return found;
      const first = await this.#wait(among, signal);
      if (first !== undefined) return max === 1 ? [first] : [first, ...(await this.#sweep(max - 1, among))];
    }
    return [];
  }

  async depth(): Promise<Record<string, LaneDepth>> {
    this.#link.checkOpen();
    return this.#stream.patiently("to look at a queue", async ({ jsm }) => {
      const depths: Record<string, LaneDepth> = {};
      for (const lane of this.#turns.names) {
        const { num_pending, num_ack_pending } = await jsm.consumers.info(this.#stream.name, lane);
        depths[lane] = { waiting: num_pending, taken: num_ack_pending };
      }
      return depths;
    });
  }

  async oldest(): Promise<Record<string, number>> {
    this.#link.checkOpen();
    return this.#stream.patiently("to look at a queue", async ({ jsm }) => {
      const ages: Record<string, number> = {};
      for (const lane of this.#turns.names) {
        // What has been ended is no longer in the stream.
        const first = { seq: 1, next_by_subj: `${this.#subjects}.${lane}` };
        const message = await jsm.streams.getMessage(this.#stream.name, first);
        ages[lane] = message === null ? 0 : Math.max(0, Date.now() - message.time.getTime());
      }
      return ages;
    });
  }

  /** What is there at this moment, from the lane whose turn it is and then from the others. A server that is away has nothing. */
  async #sweep(max: number, among: readonly string[]): Promise<Delivery[]> {
    const found: Delivery[] = [];
    const nc = await this.#ready();
    if (nc === undefined) return found;
    // A turn is used up only by a take that finds something, and that may look into every lane.
    const isPart = among.length < this.#turns.names.length;
    if (!isPart) this.#order ??= this.#turns.next();
    for (const lane of isPart ? among : this.#order!) {
      if (found.length === max) break;
      // What were there had gone to the pull that waits already.
      if (this.#standing.has(lane)) continue;
      const request = { batch: max - found.length, no_wait: true };
      const onMessage = (message: Msg): void => void found.push(this.#delivery(lane, message));
      await pull(nc, `${this.#stream.name}.${lane}`, request, { silenceMs, onMessage });
    }
    if (found.length > 0 && !isPart) this.#order = undefined;
    return found;
  }

  /** Waits for one message of whichever lane; undefined when the signal aborts, and from time to time. */
  async #wait(lanes: readonly string[], signal: AbortSignal | undefined): Promise<Delivery | undefined> {
    if (signal?.aborted === true || this.#link.closing.aborted) return undefined;
    return new Promise((resolve) => {
      const stop = (): void => waiter.give(undefined);
      const waiter: Waiter = {
        lanes,
        give: (delivery) => {
          const place = this.#waiters.indexOf(waiter);
          if (place >= 0) this.#waiters.splice(place, 1);
          signal?.removeEventListener("abort", stop);
          resolve(delivery);
        },
      };
      this.#waiters.push(waiter);
      signal?.addEventListener("abort", stop);
      for (const lane of lanes) void this.#stand(lane);
    });
  }

  /** Keeps a pull on a lane for as long as somebody waits. */
  async #stand(lane: string): Promise<void> {
    if (this.#standing.has(lane)) return;
    this.#standing.add(lane);
    try {
      while (this.#waiterOf(lane) !== undefined && !this.#link.closing.aborted) {
        const nc = await this.#ready();
        const request = { batch: 1, expires: nanos(standMs), idle_heartbeat: nanos(heartbeatMs) };
        const onMessage = (message: Msg): void => this.#offer(lane, this.#delivery(lane, message));
        const end: PullEnd =
          nc === undefined
            ? "failed"
            : await pull(nc, `${this.#stream.name}.${lane}`, request, { silenceMs, onMessage });
        if (end === "failed") await pause(heartbeatMs / 4, this.#link.closing);
      }
    } finally {
      this.#standing.delete(lane);
    }
  }

  /**
   * To who waits longest; when the last one has got something from another lane meanwhile, to who asks next, and if nobody
   * does, back to the queue: what is given back counts as tried.
   */
  #offer(lane: string, delivery: Delivery): void {
    const waiter = this.#waiterOf(lane);
    if (waiter !== undefined) {
      waiter.give(delivery);
      return;
    }
    const giveBack = (): void => {
      this.#spare.delete(delivery);
      delivery.retry().catch((error: Error) => this.#log.warn(`a message is given back by its time: ${error.message}`));
    };
    this.#spare.set(delivery, setTimeout(giveBack, spareMs));
  }

  /** What came when nobody waited. */
  #takeSpare(max: number, among: readonly string[]): Delivery[] {
    const taken = [...this.#spare.keys()].filter(({ lane }) => among.includes(lane)).slice(0, max);
    for (const delivery of taken) {
      clearTimeout(this.#spare.get(delivery));
      this.#spare.delete(delivery);
    }
    return taken;
  }

  #waiterOf(lane: string): Waiter | undefined {
    return this.#waiters.find(({ lanes }) => lanes.includes(lane));
  }

  /** The connection, once the stream is there; a take waits through an outage. */
  async #ready(): Promise<Awaited<ReturnType<Link["connection"]>>> {
    try {
      await this.#stream.ensure("to take from a queue");
      return await this.#link.connection();
    } catch (error) {
      if (!this.#link.closing.aborted) this.#log.warn((error as Error).message);
      return undefined;
    }
  }

  #delivery(lane: string, { data, headers: given, reply = "" }: Msg): Delivery {
    // $JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<sequence>.<delivery>.<time>.<pending>[.<token>]
    const words = reply.split(".");
    const attempt = Number(words[words.length > 9 ? 6 : 4]);
    const sequence = words[words.length > 9 ? 7 : 5];
    const id = given?.get("Nats-Msg-Id") || `sequence-${sequence}`;
    const say = async (word: string): Promise<void> => {
      this.#link.checkOpen();
      await this.#link.patiently(`to answer for message ${id}`, ({ nc, timeout }) =>
        nc.request(reply, word, { timeout }),
      );
    };
    let ended: Promise<void> | undefined;
    const end = (word: string): Promise<void> => {
      this.#link.checkOpen();
      ended ??= say(word).catch((error) => {
        ended = undefined;
        throw error;
      });
      return ended;
    };
    return {
      lane,
      id,
      bytes: data,
      attempt,
      ack: async () => end("+ACK"),
      drop: async (reason) => {
        this.#log.warn(`message ${id} of lane ${lane} is dropped: ${reason}`);
        await end("+TERM");
      },
      retry: async (delayMs = 0) => {
        checkNumber("the delay of a retry", delayMs, 0);
        await say(delayMs === 0 ? "-NAK" : `-NAK ${JSON.stringify({ delay: nanos(delayMs) })}`);
      },
      extend: () => say("+WPI"),
    };
  }

  #stop(): void {
    for (const waiter of [...this.#waiters]) waiter.give(undefined);
    for (const timer of this.#spare.values()) clearTimeout(timer);
  }
}
