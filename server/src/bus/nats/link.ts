import { readFileSync } from "node:fs";
import { ArchitechError, type Backoff, pause, pauseMs } from "@architech/protocol";
import { type JetStreamClient, type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import type { Log } from "../../log.js";
import type { BusHealth } from "../bus.js";
import { Wakeup, waitFor } from "../wakeup.js";
import type { NatsBusOptions } from "./nats-bus.js";
import { Replies } from "./replies.js";
import { isTransient, storageErrorOf } from "./transient.js";

/** What one try of an act may use. */
export interface JetStream {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly replies: Replies;
  /** How long this try may wait for an answer. */
  readonly timeout: number;
}

/** A try that got no answer in this time is made again, ms, ever more patiently: who died does not answer, who leads now does. */
const triesMs = [500, 1_000, 2_000, 4_000] as const;
/** To connect, and to bring out what was sent, ms. */
const connectMs = 2_500;
const pauses: Backoff = { firstMs: 50, capMs: 1_000, attempts: Infinity };
const reconnects: Backoff = { firstMs: 100, capMs: 2_000, attempts: Infinity };

/** The connection to NATS: made in the background, kept for ever, and tried again for as long as an act may take. */
export class Link {
  /** The servers without their passwords. */
  readonly address: string;
  readonly #options: ConnectionOptions;
  readonly #limitMs: number;
  readonly #log: Log;
  readonly #closing = new AbortController();
  readonly #changed = new Wakeup();
  readonly #ended: Promise<void>;
  readonly #listeners = new Set<() => void>();
  /** With each of the times of `triesMs`. */
  #streams: readonly JetStream[] | undefined;
  #connected = false;
  #since = new Date();
  #error = "not connected yet";
  #tries = 0;

  constructor({ servers, credentials, limitMs = 30_000 }: NatsBusOptions, log: Log) {
    const { address, ...options } = parseServers(servers);
    this.address = address;
    this.#limitMs = limitMs;
    this.#log = log;
    this.#options = {
      ...options,
      ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(readCredentials(credentials)) }),
      name: "architech",
      timeout: connectMs,
      maxReconnectAttempts: -1,
      // A wrong password may be put right on the server: go on trying, and say so.
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler: () => pauseMs(reconnects, this.#tries++, Math.random()),
      pingInterval: 5_000,
      maxPingOut: 2,
    };
    this.#ended = this.#keep();
  }

  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  health(): BusHealth {
    const { info } = this.#nc ?? {};
    const own = info === undefined ? "" : ` (${info.server_name}, NATS ${info.version})`;
    const { inBytes = 0, outBytes = 0 } = this.#nc?.stats() ?? {};
    const both = { since: this.#since, traffic: { inBytes, outBytes } };
    return this.#connected
      ? { connected: true, server: `${this.address}${own}`, ...both }
      : { connected: false, server: this.address, error: this.#error, ...both };
  }

  /**
   * Acts, and acts again for as long as the time limit lets it when there is no server, no leader or no answer. So what
   * is acted must do the same when done twice. Throws `bus-unreachable`, or what the act threw of its own.
   */
  async patiently<T>(what: string, act: (streams: JetStream, attempt: number) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#limitMs;
    let last: unknown;
    for (let attempt = 0; ; attempt++) {
      const streams = await this.#connectedBy(deadline, what, last);
      try {
        return await act(streams[Math.min(attempt, streams.length - 1)]!, attempt);
      } catch (error) {
        if (this.#closing.signal.aborted) throw closed();
        if (!isTransient(error)) throw storageErrorOf(what, error);
        last = error;
      }
      const left = deadline - performance.now();
      const waitMs = pauseMs(pauses, attempt, Math.random());
      if (left < waitMs) throw this.#unreachable(what, last);
      await pause(waitMs, this.#closing.signal);
    }
  }

  /** The connection as it now is, once there is one; undefined when the bus is closed. */
  async connection(): Promise<NatsConnection | undefined> {
    while (this.#streams === undefined && !this.#closing.signal.aborted) await this.#changed.next;
    return this.#closing.signal.aborted ? undefined : this.#nc;
  }

  /** The connection within the time limit. */
  async connectionInTime(what: string): Promise<NatsConnection> {
    return (await this.#connectedBy(performance.now() + this.#limitMs, what, undefined))[0]!.nc;
  }

  get #nc(): NatsConnection | undefined {
    return this.#streams?.[0]?.nc;
  }

  /** Calls a listener each time that the connection is there again; returns what ends that. */
  onConnected(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  checkOpen(): void {
    if (this.#closing.signal.aborted) throw closed();
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return this.#ended;
    this.#closing.abort();
    this.#changed.wake();
    const nc = this.#nc;
    // What was sent is brought out first, unless there is nobody to take it.
    if (nc !== undefined && !nc.isClosed())
      await (this.#connected ? Promise.race([nc.drain(), pause(connectMs)]) : nc.close()).catch(() => {});
    await nc?.close();
    this.#set(false, "the bus is closed");
    await this.#ended;
  }

  async #connectedBy(deadline: number, what: string, last: unknown): Promise<readonly JetStream[]> {
    for (;;) {
      this.checkOpen();
      const changed = this.#changed.next;
      if (this.#streams !== undefined && this.#connected) return this.#streams;
      const left = deadline - performance.now();
      if (left <= 0) throw this.#unreachable(what, last ?? new Error(this.#error));
      await waitFor(changed, undefined, left);
    }
  }

  /** Connects, for as long as it takes; afterwards the client itself reconnects. */
  async #keep(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const nc = await connect(this.#options).catch((error: Error) => {
        this.#failed(`no connection to ${this.address}: ${wordsOf(error)}`);
        return undefined;
      });
      if (nc === undefined) await pause(pauseMs(reconnects, this.#tries++, Math.random()), this.#closing.signal);
      else await this.#use(nc);
    }
  }

  async #use(nc: NatsConnection): Promise<void> {
    if (this.#closing.signal.aborted) return nc.close();
    const replies = new Replies(nc);
    this.#streams = await Promise.all(
      triesMs.map(async (timeout) => {
        const jsm = await jetstreamManager(nc, { timeout, checkAPI: false });
        return { nc, jsm, js: jsm.jetstream(), replies, timeout };
      }),
    );
    this.#tries = 0;
    this.#set(true, "");
    this.#log.info(`connected to ${this.health().server}`);
    const events = (async () => {
      for await (const status of nc.status()) {
        if (status.type === "disconnect") this.#failed(`the connection to ${this.address} is lost`);
        else if (status.type === "error") this.#log.warn(`NATS: ${wordsOf(status.error)}`);
        else if (status.type === "reconnect") {
          this.#tries = 0;
          this.#set(true, "");
          this.#log.info(`connected again to ${this.health().server}`);
        }
      }
    })();
    const error = await nc.closed();
    await events;
    this.#streams = undefined;
    this.#failed(`the connection to ${this.address} is closed${error instanceof Error ? `: ${wordsOf(error)}` : ""}`);
  }

  #failed(error: string): void {
    if (!this.#closing.signal.aborted && (this.#connected || error !== this.#error)) this.#log.warn(error);
    this.#set(false, error);
  }

  #set(connected: boolean, error: string): void {
    if (connected !== this.#connected) this.#since = new Date();
    this.#connected = connected;
    this.#error = error;
    this.#changed.wake();
    if (connected) for (const listener of this.#listeners) listener();
  }

  #unreachable(what: string, cause: unknown): ArchitechError {
    return new ArchitechError(
      "bus-unreachable",
      `${what}: ${this.address} has not done it within ${this.#limitMs} ms (${wordsOf(cause)})`,
      { cause },
    );
  }
}

function closed(): ArchitechError {
  return new ArchitechError("bus-closed", "the bus is closed");
}

function wordsOf(error: unknown): string {
  const { name, message, cause } = (error ?? {}) as Error;
  const inner = cause instanceof Error && cause.message !== message ? `, ${cause.message}` : "";
  return `${message || name || String(error)}${inner}`;
}

/** Addresses for the client, which wants user and password apart, and for people, who should not see them. */
function parseServers(servers: string): { address: string } & ConnectionOptions {
  const urls = servers.split(",").map((server) => parseServer(server.trim()));
  const [first] = urls;
  const { username, password } = first!;
  const user = decodeURIComponent(username);
  const pass = decodeURIComponent(password);
  return {
    address: urls.map(({ protocol, host }) => `${protocol}//${host}`).join(","),
    servers: urls.map(({ host, hostname, port }) => (port === "" ? `${hostname}:4222` : host)),
    ...(urls.some(({ protocol }) => protocol === "tls:") ? { tls: {} } : {}),
    ...(pass !== "" ? { user, pass } : user !== "" ? { token: user } : {}),
  };
}

function parseServer(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !["nats:", "tls:"].includes(url.protocol) || url.hostname === "")
    throw new ArchitechError(
      "invalid-argument",
      `${JSON.stringify(server.replace(/\/\/.*@/, "//").slice(0, 100))} is no address of NATS: nats://host:4222 is one, several are joined by commas`,
    );
  return url;
}

function readCredentials(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ArchitechError("invalid-argument", `the credentials ${path} cannot be read`, { cause });
  }
}
