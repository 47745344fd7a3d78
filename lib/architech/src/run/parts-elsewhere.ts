import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { NotParted } from "../parts/part.js";
import type { PartCheckpoint } from "../parts/part-state.js";
import type { Parts } from "../parts/parts.js";
import type { Compiled } from "../simulation/compile.js";
import { Cut } from "../simulation/cut.js";
import type { Task } from "../simulation/task.js";
import { LedParts } from "./led-parts.js";
import type { PartAnswer, PartCommand, PartGiven } from "./part-messages.js";
import { packCommand, packSaved, readAnswer } from "./part-wire.js";
import { PortExchange, type WindowPort } from "./port-exchange.js";
import { WindowEnd } from "./window-end.js";

/** What a thread tells the one that is in touch with other processes: it has the first part, others shall have the rest. */
export interface PartsShared {
  readonly cut: PartGiven["cut"];
  /** Where the other parts go on from; see `packSaved`. */
  readonly from?: readonly Uint8Array[] | undefined;
  readonly windows: WindowPort;
  /** Of each other part. */
  readonly ports: readonly MessagePort[];
  readonly said: Int32Array<SharedArrayBuffer>;
  /** [0] becomes 1 once all are there, and 2 where they will not be. */
  readonly joined: Int32Array<SharedArrayBuffer>;
}

/** How long the others may take to be there, however long whoever asks them gives them. */
const mostMs = 60_000;

/** How parts come to be elsewhere. */
export interface Sharing {
  /** Says it to the thread that is in touch with others. */
  readonly share: (shared: PartsShared, transfer: MessagePort[]) => void;
  /** Whether the task is to be stopped. */
  readonly isStopped: () => boolean;
}

/** Starts the first part of a task here, and waits until the others are elsewhere. Throws `NotParted` where they will not be. */
export function startPartsElsewhere(
  task: Task,
  cut: Cut,
  compiled: Compiled,
  { share, isStopped }: Sharing,
  from?: readonly PartCheckpoint[],
): Parts {
  const { parts, of, latencies } = cut;
  const windows = new MessageChannel();
  const heard = new Int32Array(new SharedArrayBuffer(8));
  const said = new Int32Array(new SharedArrayBuffer(8));
  const joined = new Int32Array(new SharedArrayBuffer(4));
  const channels = Array.from({ length: parts - 1 }, () => new MessageChannel());
  const ports = channels.map(({ port2 }) => port2);
  const shared = {
    cut: { parts, of, latencies },
    from: from?.slice(1).map(packSaved),
    windows: { port: windows.port2, heard },
    ports,
    said,
    joined,
  };
  share(shared, [windows.port2, ...ports]);
  const exchange = new PortExchange({ port: windows.port1, heard }, 0, parts);
  const others = channels.map(({ port1: port }) => ({ port, release: () => port.close() }));
  const begun = performance.now();
  while (Atomics.load(joined, 0) === 0 && performance.now() - begun < mostMs && !isStopped())
    Atomics.wait(joined, 0, 0, 50);
  if (Atomics.load(joined, 0) === 1)
    return new LedParts(task, cut, compiled, { exchange, said, others, areElsewhere: true }, from?.[0]);
  const answer = receiveMessageOnPort(channels[0]!.port1)?.message as PartAnswer | undefined;
  exchange.close();
  for (const { release } of others) release();
  throw new NotParted(answer?.type === "failed" ? answer.message : "nobody took the other parts");
}

/** What the first part has to say to the others, as bytes, and that it has ended. */
export interface FirstPartSaying {
  window(bytes: Uint8Array): void;
  command(part: number, bytes: Uint8Array): void;
  closed(): void;
}

/** The first part of a task, on the side of the thread that is in touch with where the others are. */
export class FirstPart {
  readonly cut: Cut;
  /** Where each of the other parts goes on from, where it does. */
  readonly from: readonly Uint8Array[] | undefined;
  readonly #shared: PartsShared;
  readonly #windows: WindowEnd;
  #isClosed = false;

  constructor(shared: PartsShared, saying: FirstPartSaying) {
    const { parts, of, latencies } = shared.cut;
    this.cut = new Cut(parts, of, latencies);
    this.from = shared.from;
    this.#shared = shared;
    this.#windows = new WindowEnd(
      shared.windows,
      (bytes) => saying.window(bytes),
      () => {
        this.#isClosed = true;
        saying.closed();
      },
    );
    for (const [i, port] of shared.ports.entries())
      port.on("message", (command: PartCommand) => saying.command(i + 1, packCommand(command)));
  }

  /** All parts are there. */
  begin(): void {
    this.#join(1);
  }

  /** The others are not there, or not any more. */
  fail(message: string): void {
    if (this.#isClosed) return;
    this.#say(1, { type: "failed", message });
    this.#join(2);
  }

  /** A window of another part has come: those of each in their order. */
  window(from: number, bytes: Uint8Array): void {
    if (!this.#isClosed) this.#windows.take(from, bytes);
  }

  /** A part has answered. Throws `bad-message`. */
  answer(part: number, bytes: Uint8Array): void {
    if (!this.#isClosed) this.#say(part, readAnswer(bytes));
  }

  #say(part: number, answer: PartAnswer): void {
    const { ports, said } = this.#shared;
    ports[part - 1]!.postMessage(answer);
    Atomics.add(said, 1, 1);
    Atomics.notify(said, 1);
  }

  #join(state: number): void {
    const { joined } = this.#shared;
    if (Atomics.compareExchange(joined, 0, 0, state) === 0) Atomics.notify(joined, 0);
  }
}
