import { setMaxListeners } from "node:events";
import { ArchitechError } from "@architech/protocol";
import { type Log, silentLog } from "../../log.js";
import type {
  Answer,
  Bus,
  BusHealth,
  Logs,
  Objects,
  QueueOptions,
  Responder,
  State,
  StateOptions,
  Subscription,
  WorkQueue,
} from "../bus.js";
import { checkName, checkNumber } from "../names.js";
import { Link } from "./link.js";
import { NatsLogs } from "./nats-logs.js";
import { NatsObjects } from "./nats-objects.js";
import { NatsQueue } from "./nats-queue.js";
import { NatsState } from "./nats-state.js";
import { NatsSubjects } from "./nats-subjects.js";

/** The most copies that NATS keeps. */
const maxReplicas = 5;

export interface NatsBusOptions {
  /** `nats://[user:password@]host[:port]` or `tls://…`; several servers of a cluster are joined by commas. */
  readonly servers: string;
  /** A file with credentials, as `nsc` writes it. */
  readonly credentials?: string;
  /** Before all names, so that installations can share a cluster. Default `architech`. */
  readonly prefix?: string;
  /** Copies of all that is stored: by default three in a cluster and one elsewhere. */
  readonly replicas?: number;
  /** How long an act is tried before it is `bus-unreachable`, ms. Default 30,000: more than a new leader takes. */
  readonly limitMs?: number;
  readonly log?: Log;
}

/**
 * A bus on NATS JetStream, one server or a cluster (tested with NATS 2.15). It connects in the background and for ever: an
 * address that is wrong or down is told by `health()` and by the log, and acts wait for it within their time limit.
 */
export class NatsBus implements Bus {
  readonly name: string;
  readonly #link: Link;
  readonly #prefix: string;
  readonly #replicas: number | undefined;
  readonly #log: Log;
  readonly #subjects: NatsSubjects;
  readonly #made = new Map<string, unknown>();

  private constructor(options: NatsBusOptions) {
    const { prefix = "architech", replicas, limitMs } = options;
    checkName("a prefix", prefix);
    if (limitMs !== undefined) checkNumber("limitMs", limitMs, 1);
    if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 1 && replicas <= maxReplicas))
      throw new ArchitechError("invalid-argument", `replicas is ${replicas}: 1 to ${maxReplicas} is accepted`);
    this.#log = options.log ?? silentLog;
    this.#prefix = prefix;
    this.#replicas = replicas;
    this.#link = new Link(options, this.#log);
    this.#subjects = new NatsSubjects(this.#link, prefix);
    this.name = `NATS, ${this.#link.address}`;
    setMaxListeners(0, this.#link.closing);
  }

  /** Throws `invalid-argument` for options that cannot be, and nothing for a server that is not there. */
  static async open(options: NatsBusOptions): Promise<NatsBus> {
    return new NatsBus(options);
  }

  queue(name: string, options: QueueOptions): WorkQueue {
    const about = { prefix: this.#prefix, name, replicas: this.#replicas, log: this.#log };
    return this.#once("a queue", name, () => new NatsQueue(this.#link, about, options));
  }

  state(bucket: string, { ttlMs }: StateOptions = {}): State {
    if (ttlMs !== undefined) checkNumber("ttlMs", ttlMs, 100);
    return this.#once(
      "a bucket of state",
      bucket,
      () => new NatsState(this.#link, this.#prefix, bucket, this.#replicas, ttlMs),
    );
  }

  objects(bucket: string): Objects {
    return this.#once(
      "a bucket of objects",
      bucket,
      () => new NatsObjects(this.#link, this.#prefix, bucket, this.#replicas),
    );
  }

  logs(store: string): Logs {
    return this.#once("a store of logs", store, () => new NatsLogs(this.#link, this.#prefix, store, this.#replicas));
  }

  async request(subject: string, bytes: Uint8Array, options: { timeoutMs?: number } = {}): Promise<Uint8Array> {
    return this.#subjects.request(subject, bytes, options.timeoutMs);
  }

  async respond(subject: string, answer: Answer): Promise<Responder> {
    return this.#subjects.respond(subject, answer);
  }

  async publish(subject: string, bytes: Uint8Array): Promise<void> {
    return this.#subjects.publish(subject, bytes);
  }

  async subscribe(subject: string): Promise<Subscription> {
    return this.#subjects.subscribe(subject);
  }

  health(): BusHealth {
    return this.#link.health();
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  #once<T>(what: string, name: string, make: () => T): T {
    this.#link.checkOpen();
    checkName(what, name);
    const key = `${what} ${name}`;
    const known = (this.#made.get(key) as T | undefined) ?? make();
    this.#made.set(key, known);
    return known;
  }
}
