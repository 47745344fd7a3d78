import { randomUUID } from "node:crypto";
import type { Subscriber } from "zeromq";
import { addressOf, type ChannelName, type ConnectionInfo, newConnection, writeConnectionFile } from "./connection.js";
import { Heartbeat, type HeartbeatOptions } from "./heartbeat.js";
import { Link, subscribe } from "./link.js";
import { KernelProcess, type LaunchOptions } from "./process.js";
import { compose, headerOf, type Parts } from "./wire.js";

/** How long a kernel may take, in milliseconds. */
export interface Patience {
  /** From the start of the process until it answers. */
  startMs: number;
  /** Between two questions whether it is there. */
  nudgeMs: number;
  /** From a polite request to end until it is told by a signal. */
  graceMs: number;
  /** From SIGTERM to SIGKILL. */
  termMs: number;
}

/** What one life of a kernel reports. */
export interface LifeEvents {
  published(parts: Parts): void;
  /** The kernel answers, or asks for input, on behalf of a message of this session. */
  answered(session: string, channel: ChannelName, parts: Parts): void;
  heartbeatLost(): void;
}

/** One process of a kernel, from its connection file to its end; a restart begins another life on other ports. */
export class Life {
  readonly info: ConnectionInfo;
  readonly process: KernelProcess;
  /** Resolves when the kernel answers and its published messages arrive; rejects when it ends or takes too long. */
  readonly ready: Promise<void>;
  readonly #patience: Patience;
  readonly #events: LifeEvents;
  readonly #session: string = randomUUID();
  /** What clients ask goes over the link that the server itself has: a kernel has no more connections than one client gives it. */
  readonly link: Link;
  readonly #subscriber: Subscriber;
  #heartbeat: Heartbeat | undefined;
  readonly #replies = new Map<string, (parts: Parts) => void>();
  #heard: () => void = () => undefined;
  #isReady = false;
  #isOver = false;

  private constructor(info: ConnectionInfo, process: KernelProcess, options: LifeOptions) {
    this.info = info;
    this.process = process;
    this.#patience = options.patience;
    this.link = new Link(info, this.#session, (channel, parts) => this.#answered(channel, parts));
    this.#events = options.events;
    const published = new Promise<void>((resolve) => {
      this.#heard = resolve;
    });
    this.#subscriber = subscribe(info, (parts) => {
      this.#heard();
      options.events.published(parts);
    });
    this.ready = this.#nudge(published);
    // How long a start may take is another question than whether a kernel that answered once still lives.
    const watch = () => {
      if (!this.#isOver) this.#heartbeat = new Heartbeat(addressOf(info, "hb"), options.heartbeat, heartbeatLost);
    };
    const { heartbeatLost } = options.events;
    // Whoever waits for it sees the error; when nobody does, the end of the process tells the same.
    this.ready.then(watch, () => undefined);
  }

  /** Starts the process on fresh ports. */
  static async begin(options: LifeOptions): Promise<Life> {
    const info = await newConnection(options.launch.spec.name);
    await writeConnectionFile(options.launch.connectionFile, info);
    return new Life(info, await KernelProcess.launch(options.launch), options);
  }

  /** Interrupts what runs, as the kernelspec asks for it: by a message that the kernel confirms, or by SIGINT. */
  async interrupt(mode: "message" | "signal"): Promise<void> {
    if (mode === "signal") this.process.signal("SIGINT");
    else await Promise.race([this.#request("control", "interrupt_request", {}), this.process.ended]);
  }

  /** Ends the process: politely, then by signals, to be sure. */
  async end(options: { restart: boolean }): Promise<void> {
    if (this.#isReady) this.#request("control", "shutdown_request", options).catch(() => undefined);
    if (!this.#isReady || !(await this.#endsWithin(this.#patience.graceMs))) {
      this.process.signal("SIGTERM");
      if (!(await this.#endsWithin(this.#patience.termMs))) {
        this.process.signal("SIGKILL");
        await this.process.ended;
      }
    }
    this.close();
  }

  /** Closes the sockets of a life that is over. */
  close(): void {
    this.#isOver = true;
    this.#heartbeat?.close();
    this.link.close();
    this.#subscriber.close();
    this.#replies.clear();
  }

  async #nudge(published: Promise<void>): Promise<void> {
    // Asked on both channels: old kernels answer this on shell only, and one question may come before they listen.
    let give: (parts: Parts) => void = () => undefined;
    const answered = new Promise<Parts>((resolve) => {
      give = resolve;
    });
    const ask = () => {
      for (const channel of ["shell", "control"] as const) this.#send(channel, "kernel_info_request", {}, give);
    };
    ask();
    const again = setInterval(ask, this.#patience.nudgeMs);
    let tooLate: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        Promise.all([answered, published]),
        this.process.ended.then((how) => Promise.reject(new Error(`it ${how} before it answered`))),
        new Promise((_resolve, reject) => {
          const message = `it did not answer within ${this.#patience.startMs / 1000} s`;
          tooLate = setTimeout(() => reject(new Error(message)), this.#patience.startMs);
        }),
      ]);
      this.#isReady = true;
    } finally {
      clearInterval(again);
      clearTimeout(tooLate);
    }
  }

  #request(channel: "shell" | "control", type: string, content: unknown): Promise<Parts> {
    return new Promise((resolve) => this.#send(channel, type, content, resolve));
  }

  #send(channel: "shell" | "control", type: string, content: unknown, answered: (parts: Parts) => void): void {
    const message = compose(type, content, this.#session);
    this.#replies.set(headerOf(message.header)!.msg_id, answered);
    this.link.send(channel, message);
  }

  #answered(channel: ChannelName, parts: Parts): void {
    const { session, msg_id = "" } = headerOf(parts.parent) ?? {};
    if (session === undefined) return;
    if (session !== this.#session) {
      this.#events.answered(session, channel, parts);
      return;
    }
    this.#replies.get(msg_id)?.(parts);
    this.#replies.delete(msg_id);
  }

  #endsWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      void this.process.ended.then(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}

/** What a life begins with. */
export interface LifeOptions {
  readonly launch: LaunchOptions;
  readonly patience: Patience;
  readonly heartbeat: HeartbeatOptions;
  readonly events: LifeEvents;
}
