import type { Comm, Host, MimeBundle } from "#src/chart/host.js";
import { type ChartDocument, chartMime } from "#src/chart/spec.js";

/** What was shown, in order. */
export interface Shown {
  readonly bundle: MimeBundle;
  readonly displayId: string | undefined;
  readonly update: boolean;
}

/** A notebook that keeps what it is shown. */
export class StandInHost implements Host {
  readonly shown: Shown[] = [];
  readonly comms: StandInComm[] = [];
  readonly server?: { readonly url: string };
  readonly hasFrontEnd: boolean;
  #waiting: { test: (shown: Shown) => boolean; resolve: (shown: Shown) => void }[] = [];

  constructor({ server, hasFrontEnd = true }: { server?: string; hasFrontEnd?: boolean } = {}) {
    if (server !== undefined) this.server = { url: server };
    this.hasFrontEnd = hasFrontEnd;
  }

  display(bundle: MimeBundle, { displayId, update = false }: { displayId?: string; update?: boolean } = {}): void {
    const shown = { bundle, displayId, update };
    this.shown.push(shown);
    for (const { resolve } of this.#waiting.filter(({ test }) => test(shown))) resolve(shown);
    this.#waiting = this.#waiting.filter(({ test }) => !test(shown));
  }

  openComm(target: string, data: unknown): Comm | undefined {
    if (!this.hasFrontEnd) return undefined;
    const comm = new StandInComm(target, data);
    this.comms.push(comm);
    return comm;
  }

  /** Resolves when something is shown (or has been) that passes the test. */
  until(test: (shown: Shown) => boolean): Promise<Shown> {
    const known = this.shown.find(test);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.push({ test, resolve }));
  }

  /** Runs a function in a cell of this notebook. */
  run<T>(cell: () => T): T {
    const key = Symbol.for("architech.host");
    const globals = globalThis as unknown as Record<symbol, unknown>;
    globals[key] = this;
    try {
      return cell();
    } finally {
      delete globals[key];
    }
  }
}

/** The kernel's end of a comm, with what was sent over it. */
export class StandInComm implements Comm {
  readonly id = "comm";
  readonly target: string;
  readonly opening: unknown;
  readonly sent: { data: unknown; buffers: Uint8Array[] }[] = [];
  #listener: (data: unknown, buffers: Uint8Array[]) => void = () => {};
  #onClose: () => void = () => {};
  #waiting: { test: () => boolean; resolve: () => void }[] = [];

  constructor(target: string, opening: unknown) {
    this.target = target;
    this.opening = opening;
  }

  send(data: unknown, buffers: Uint8Array[] = []): void {
    this.sent.push({ data, buffers });
    for (const { resolve } of this.#waiting.filter(({ test }) => test())) resolve();
    this.#waiting = this.#waiting.filter(({ test }) => !test());
  }

  onMessage(listener: (data: unknown, buffers: Uint8Array[]) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  close(): void {}

  /** What the front end says. */
  say(data: unknown): void {
    this.#listener(data, []);
  }

  /** The front end closes the comm. */
  leave(): void {
    this.#onClose();
  }

  /** Resolves when so much has been sent. */
  async count(messages: number): Promise<void> {
    if (this.sent.length < messages)
      await new Promise<void>((resolve) => this.#waiting.push({ test: () => this.sent.length >= messages, resolve }));
  }
}

/** The chart of a bundle. */
export function chartOf({ bundle }: Shown): ChartDocument {
  return bundle[chartMime] as ChartDocument;
}
