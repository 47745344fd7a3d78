/**
 * What the services of a cluster share: work, state, objects, streams of rows and short messages. Two implementations
 * pass one contract: `local/`, in one process and on its disk, and `nats/`, on NATS JetStream.
 *
 * Names are of letters, digits, `_` and `-`; keys and subjects are such names joined by dots (see names.ts). What a name
 * or a size may not be is refused with `bus-name-invalid` or `message-too-large` before anything is sent. An act that
 * could not be done in the bus's time limit is `bus-unreachable`; it may have been done all the same, and every act
 * here may be repeated.
 */
export interface Bus {
  /** Which bus this is, for a log. */
  readonly name: string;
  queue(name: string, options: QueueOptions): WorkQueue;
  state(bucket: string, options?: StateOptions): State;
  objects(bucket: string): Objects;
  /** A store of many logs. */
  logs(store: string): Logs;
  /** Asks whoever responds on a subject. Throws `bus-no-responder`, `bus-timeout`, or what the responder threw. */
  request(subject: string, bytes: Uint8Array, options?: { readonly timeoutMs?: number }): Promise<Uint8Array>;
  /** Answers requests; of several that respond on one subject each request goes to one. */
  respond(subject: string, answer: Answer): Promise<Responder>;
  /** Tells whoever listens at this moment; nobody is no error, and nothing is kept. */
  publish(subject: string, bytes: Uint8Array): Promise<void>;
  /** Listens from the moment it resolves, to other servers of a cluster a moment later. A name of the subject may be `*`, which stands for any one name. */
  subscribe(subject: string): Promise<Subscription>;
  health(): BusHealth;
  /** Ends what waits, lets what is under way end, and leaves. Every later act is `bus-closed`. */
  close(): Promise<void>;
}

/** How a bus is at this moment. */
export interface BusHealth {
  readonly connected: boolean;
  /** The server, without a password, or the folder. */
  readonly server: string;
  /** Since when it is as it is. */
  readonly since: Date;
  /** Why it is not connected. */
  readonly error?: string;
  /** Bytes that came and went since it is there, where it is reached over a network. */
  readonly traffic?: { readonly inBytes: number; readonly outBytes: number };
}

/** A lane of a queue: of the takes, `weight` in the sum of all weights look into this lane first. */
export interface Lane {
  readonly name: string;
  readonly weight: number;
}

export interface QueueOptions {
  /** In order of preference: where nothing is in the lane whose turn it is, the first of these that has something is next. */
  readonly lanes: readonly Lane[];
  /** A delivery that is neither ended nor extended for so long is delivered again, ms. Default 30,000. */
  readonly ackWaitMs?: number;
  /** The same id within this time is stored once, ms. Default 120,000. */
  readonly dedupeMs?: number;
}

/** Work for a group of workers: each message is stored until one of them has acknowledged it. */
export interface WorkQueue {
  /** Stores a message; false when its id was stored already. Resolves when it is durable. */
  publish(lane: string, bytes: Uint8Array, options: { readonly id: string }): Promise<boolean>;
  /** Between 1 and `max` (default 1) messages of some lanes (default all), as soon as there is one; none once the signal aborts or the bus closes. */
  take(options?: TakeOptions): Promise<Delivery[]>;
  /** What is in each lane, or was a moment ago: what was just stored may not be counted yet. */
  depth(): Promise<Record<string, LaneDepth>>;
  /** For how long the oldest message of each lane has been there, taken or not, ms; 0 where there is none. */
  oldest(): Promise<Record<string, number>>;
}

export interface TakeOptions {
  readonly max?: number;
  readonly lanes?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface LaneDepth {
  /** Never taken yet. */
  readonly waiting: number;
  /** Taken and not ended: in work, or about to be delivered again. */
  readonly taken: number;
}

/** A message given to one taker, until its ack wait is over. */
export interface Delivery {
  readonly lane: string;
  readonly id: string;
  readonly bytes: Uint8Array;
  /** From 1, how often it has been delivered. */
  readonly attempt: number;
  /** Done: never delivered again. Resolves when that is durable; may be repeated. */
  ack(): Promise<void>;
  /** Give it back, to be delivered again after a while. */
  retry(delayMs?: number): Promise<void>;
  /** Still in work: the ack wait begins anew. */
  extend(): Promise<void>;
  /** Never deliver it again, though it was not done: the reason goes to the log of the bus. */
  drop(reason: string): Promise<void>;
}

export interface StateOptions {
  /** A key goes once it has not been written for so long, ms: for leases. Never by default. */
  readonly ttlMs?: number;
}

/** A value and the revision that wrote it: later writes of a bucket have higher ones. */
export interface StateEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
}

/** A key as it now is: without a value when it has been deleted, or its time was over. */
export interface StateChange {
  readonly key: string;
  readonly value: Uint8Array | undefined;
  readonly revision: number;
}

/** Small values by key, with compare-and-set: of many that write over one revision, exactly one succeeds. */
export interface State {
  get(key: string): Promise<StateEntry | undefined>;
  /** Writes a key that is not there and returns its revision. Throws a `RevisionConflict`. */
  create(key: string, value: Uint8Array): Promise<number>;
  /** Writes over a revision and returns the new one. Throws a `RevisionConflict`. */
  update(key: string, value: Uint8Array, revision: number): Promise<number>;
  /** Deletes a key, at a revision where one is given. Throws a `RevisionConflict`. */
  delete(key: string, revision?: number): Promise<void>;
  /** Deletes all that is below a prefix, however many keys. Whoever watches may hear nothing of it. */
  clear(prefix: string): Promise<void>;
  /** The keys below a prefix of whole names: `runs` has `runs.1` and `runs.1.rows`; "" has all. */
  keys(prefix?: string): Promise<string[]>;
  /** What is below a prefix, then each change. Who is slow sees the last of several changes of a key. Ends with the signal, or the bus. */
  watch(prefix: string, signal?: AbortSignal): AsyncIterable<StateChange>;
}

/** Values of many megabytes by name. */
export interface Objects {
  /** Stores bytes, whole or not at all, and returns their name: by default, the SHA-256 of the bytes in hex. */
  put(bytes: Uint8Array, name?: string): Promise<string>;
  get(name: string): Promise<Uint8Array | undefined>;
  has(name: string): Promise<boolean>;
  delete(name: string): Promise<void>;
}

export interface LogInfo {
  /** How many frames it has; 0 for one that was never written. */
  readonly frames: number;
  readonly ended: boolean;
  /** What its end was given. */
  readonly summary: Uint8Array | undefined;
}

/** Logs of frames numbered from 0, each appended exactly once and read by any number of readers from any number on. */
export interface Logs {
  /**
   * Appends frame `seq`. One that is there already with the same bytes is accepted and changes nothing; other bytes, a
   * number that skips, and a log that has ended are `log-conflict`. Resolves when it is durable.
   */
  append(log: string, seq: number, bytes: Uint8Array): Promise<void>;
  /** Ends a log of so many frames. The same end may be repeated; another, or another number of frames, is `log-conflict`. */
  end(log: string, frames: number, summary: Uint8Array): Promise<void>;
  /**
   * Frames from a number on, waiting for those to come until the log has ended. Reads in step with the reader. Ends with
   * the signal, or the bus; throws `log-deleted` when what it was reading goes.
   */
  read(log: string, from?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  info(log: string): Promise<LogInfo>;
  delete(log: string): Promise<void>;
}

/** Answers one request; what it throws is thrown at the asker. */
export type Answer = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export interface Responder {
  close(): Promise<void>;
}

export interface Notice {
  readonly subject: string;
  readonly bytes: Uint8Array;
}

/** Notices as they come, for one reader. Who is far behind loses the oldest; leaving the loop ends it. */
export interface Subscription extends AsyncIterable<Notice> {
  /** How many were lost to slowness. */
  readonly lost: number;
  close(): void;
}
