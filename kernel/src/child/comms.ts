import { randomUUID } from "node:crypto";
import type { CommMessage } from "../process/messages.js";
import type { Reporter } from "./reporter.js";

/** One channel between a cell and the front end. */
export interface Comm {
  readonly id: string;
  send(data: unknown, buffers?: readonly Uint8Array[]): void;
  onMessage(listener: (data: unknown, buffers: Uint8Array[]) => void): void;
  onClose(listener: (data: unknown) => void): void;
  close(data?: unknown): void;
}

/** What to do with a comm that the front end opens. */
export type CommHandler = (comm: Comm, data: unknown, buffers: Uint8Array[]) => void;

interface Open {
  readonly comm: Comm;
  readonly messages: ((data: unknown, buffers: Uint8Array[]) => void)[];
  readonly closes: ((data: unknown) => void)[];
}

/** The comms of this process: those that cells open and those that the front end opens. */
export class Comms {
  readonly #reporter: Reporter;
  readonly #open = new Map<string, Open>();
  readonly #targets = new Map<string, CommHandler>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Opens a comm to a target that the front end has registered. */
  open(target: string, data: unknown = {}, buffers: readonly Uint8Array[] = []): Comm {
    const comm = this.#add(randomUUID());
    this.#reporter.send({ type: "comm-open", id: comm.id, target, data, buffers });
    return comm;
  }

  /** Says what to do when the front end opens a comm to `target`. */
  on(target: string, handler: CommHandler): void {
    this.#targets.set(target, handler);
  }

  /** Takes a message of the front end. */
  receive(message: CommMessage): void {
    const buffers = [...message.buffers];
    if (message.type === "comm-open") {
      const handler = this.#targets.get(message.target);
      // an unknown target is answered by closing, as the protocol wants it
      if (!handler) this.#reporter.send({ type: "comm-close", id: message.id, data: {}, buffers: [] });
      else handler(this.#add(message.id), message.data, buffers);
      return;
    }
    const open = this.#open.get(message.id);
    if (message.type === "comm-message") for (const listener of open?.messages ?? []) listener(message.data, buffers);
    else {
      this.#open.delete(message.id);
      for (const listener of open?.closes ?? []) listener(message.data);
    }
  }

  #add(id: string): Comm {
    const messages: Open["messages"] = [];
    const closes: Open["closes"] = [];
    const comm: Comm = {
      id,
      send: (data, buffers = []) => this.#reporter.send({ type: "comm-message", id, data, buffers }),
      onMessage: (listener) => void messages.push(listener),
      onClose: (listener) => void closes.push(listener),
      close: (data = {}) => {
        if (this.#open.delete(id)) this.#reporter.send({ type: "comm-close", id, data, buffers: [] });
      },
    };
    this.#open.set(id, { comm, messages, closes });
    return comm;
  }
}
