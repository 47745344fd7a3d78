import { MessageChannel } from "node:worker_threads";
import type { Cut } from "../simulation/cut.js";
import type { Task } from "../simulation/task.js";
import type { OtherPart } from "./led-parts.js";
import type { PartAnswer } from "./part-messages.js";
import { startPart } from "./part-threads.js";
import { packAnswer, readCommand, unpackSaved } from "./part-wire.js";
import { WindowEnd } from "./window-end.js";

/** Where a part says what it has to say, as bytes. */
export interface PartSaying {
  window(bytes: Uint8Array): void;
  answer(bytes: Uint8Array): void;
}

/** One part of a task in a thread of this process, led by a process elsewhere. */
export class HostedPart {
  readonly #said = new Int32Array(new SharedArrayBuffer(8));
  readonly #windows: WindowEnd;
  readonly #thread: OtherPart;
  #isClosed = false;

  /** `from`: what `packSaved` has packed of it; throws `bad-message`. */
  constructor(task: Task, part: number, cut: Cut, saying: PartSaying, from?: Uint8Array) {
    const saved = from && unpackSaved(from);
    const { port1, port2: port } = new MessageChannel();
    const heard = new Int32Array(new SharedArrayBuffer(8));
    this.#windows = new WindowEnd({ port: port1, heard }, (bytes) => saying.window(bytes));
    const { parts, of, latencies } = cut;
    const windows = { type: "port", port, heard } as const;
    this.#thread = startPart({ task, part, cut: { parts, of, latencies }, windows, said: this.#said, from: saved });
    this.#thread.port.on("message", (answer: PartAnswer) => saying.answer(packAnswer(answer)));
  }

  /** A window of another part has come: those of each in their order. */
  window(from: number, bytes: Uint8Array): void {
    if (!this.#isClosed) this.#windows.take(from, bytes);
  }

  /** Whoever leads has asked for something. Throws `bad-message`. */
  command(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#thread.port.postMessage(readCommand(bytes));
    this.#call();
  }

  /** It is needed no more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#windows.close();
    this.#call();
    this.#thread.release();
  }

  #call(): void {
    Atomics.add(this.#said, 0, 1);
    Atomics.notify(this.#said, 0);
  }
}
