import { setMaxListeners } from "node:events";
import { join } from "node:path";
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
import { LocalLogs } from "./local-logs.js";
import { LocalObjects } from "./local-objects.js";
import { LocalQueue } from "./local-queue.js";
import { LocalState } from "./local-state.js";
import { LocalSubjects } from "./local-subjects.js";
import type { OpenFile } from "./log-file.js";
import { SteadyClock } from "./steady-clock.js";
import { openStore, type Store } from "./store.js";

export interface LocalBusOptions {
  /** Where all is kept; one process at a time has it. */
  readonly folder: string;
  readonly log?: Log;
  /** The time of day; a test's own, where it wants the clock to jump. */
  readonly wallClock?: () => number;
  /** Opens the files of logs; a test's own, where it wants the disk to be full. */
  readonly openFile?: OpenFile;
}

/** A bus in one process, with nothing to install: all that is acknowledged is in its folder, and survives the process. */
export class LocalBus implements Bus {
  readonly name: string;
  readonly #folder: string;
  readonly #store: Store;
  readonly #closeStore: () => Promise<void>;
  readonly #log: Log;
  readonly #clock: SteadyClock;
  readonly #openFile: OpenFile | undefined;
  readonly #since = new Date();
  readonly #closing = new AbortController();
  readonly #subjects = new LocalSubjects();
  readonly #queues = new Map<string, LocalQueue>();
  readonly #states = new Map<string, LocalState>();
  readonly #objects = new Map<string, LocalObjects>();
  readonly #logs = new Map<string, LocalLogs>();

  private constructor(options: LocalBusOptions, opened: { store: Store; close(): Promise<void> }) {
    this.name = `in process, ${options.folder}`;
    this.#folder = options.folder;
    this.#store = opened.store;
    this.#closeStore = opened.close;
    this.#log = options.log ?? silentLog;
    this.#clock = new SteadyClock(options.wallClock);
    this.#openFile = options.openFile;
    setMaxListeners(0, this.#closing.signal);
  }

  /** Throws `bus-in-use` where the folder is open already, `storage-failed` where it cannot be. */
  static async open(options: LocalBusOptions): Promise<LocalBus> {
    return new LocalBus(options, await openStore(options.folder));
  }

  queue(name: string, options: QueueOptions): WorkQueue {
    return this.#once(this.#queues, "a queue", name, () => new LocalQueue(name, options, this.#parts()));
  }

  state(bucket: string, { ttlMs }: StateOptions = {}): State {
    if (ttlMs !== undefined) checkNumber("ttlMs", ttlMs, 100);
    return this.#once(this.#states, "a bucket", bucket, () => new LocalState(bucket, ttlMs, this.#parts()));
  }

  objects(bucket: string): Objects {
    const folder = join(this.#folder, "objects", bucket);
    return this.#once(this.#objects, "a bucket", bucket, () => new LocalObjects(folder, this.#closing.signal));
  }

  logs(store: string): Logs {
    const folder = join(this.#folder, "logs", store);
    return this.#once(
      this.#logs,
      "a store of logs",
      store,
      () => new LocalLogs(folder, this.#closing.signal, this.#openFile),
    );
  }

  async request(subject: string, bytes: Uint8Array, options: { timeoutMs?: number } = {}): Promise<Uint8Array> {
    this.#checkOpen();
    return this.#subjects.request(subject, bytes, options.timeoutMs);
  }

  async respond(subject: string, answer: Answer): Promise<Responder> {
    this.#checkOpen();
    return this.#subjects.respond(subject, answer);
  }

  async publish(subject: string, bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    this.#subjects.publish(subject, bytes);
  }

  async subscribe(subject: string): Promise<Subscription> {
    this.#checkOpen();
    return this.#subjects.subscribe(subject);
  }

  health(): BusHealth {
    const connected = !this.#closing.signal.aborted;
    return {
      connected,
      server: this.#folder,
      since: this.#since,
      ...(connected ? {} : { error: "the bus is closed" }),
    };
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#subjects.close();
    for (const logs of this.#logs.values()) await logs.close();
    await this.#closeStore();
  }

  #parts(): { store: Store; clock: SteadyClock; log: Log; closing: AbortSignal } {
    return { store: this.#store, clock: this.#clock, log: this.#log, closing: this.#closing.signal };
  }

  /** One object for each name, since it knows in memory what is in the store. */
  #once<T>(made: Map<string, T>, what: string, name: string, make: () => T): T {
    this.#checkOpen();
    checkName(what, name);
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known;
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw new ArchitechError("bus-closed", "the bus is closed");
  }
}
