import type { WindowHeard, WindowPort } from "./port-exchange.js";

/** The windows of one part, on the side of the thread that passes them on. */
export class WindowEnd {
  readonly #port: WindowPort["port"];
  readonly #heard: WindowPort["heard"];

  /** `onGiven` is handed each of its windows; `onClosed` is called once it will give no more. */
  constructor({ port, heard }: WindowPort, onGiven: (bytes: Uint8Array) => void, onClosed: () => void = () => {}) {
    this.#port = port;
    this.#heard = heard;
    port.on("message", onGiven);
    port.on("close", onClosed);
  }

  /** A window of another part has come: those of each in their order. */
  take(from: number, bytes: Uint8Array): void {
    // A copy, for the bytes may lie among others.
    const own = new Uint8Array(bytes);
    this.#port.postMessage({ from, bytes: own } satisfies WindowHeard, [own.buffer]);
    Atomics.add(this.#heard, 0, 1);
    Atomics.notify(this.#heard, 0);
  }

  /** Nothing more will come. */
  close(): void {
    Atomics.store(this.#heard, 1, 1);
    Atomics.notify(this.#heard, 0);
    this.#port.close();
  }
}
