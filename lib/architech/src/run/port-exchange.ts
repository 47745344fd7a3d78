import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { messageInts } from "../engine/machine.js";
import { its, partState, type WindowBarrier } from "../parts/exchange.js";
import { Outgoing } from "../parts/outgoing.js";
import { PartsLost } from "../parts/part.js";

/** Messages of a part in a window, so many at most that the window fits into a message of a bus. */
const room = 16_384;

/** How a thread is in touch with the one that passes its windows on. */
export interface WindowPort {
  /** Takes the windows of this part as bytes, and gives those of the others. */
  readonly port: MessagePort;
  /** [0] counts what was given; [1] is 1 once nothing more will be. */
  readonly heard: Int32Array<SharedArrayBuffer>;
}

/** A window of another part, as it comes. */
export interface WindowHeard {
  readonly from: number;
  readonly bytes: Uint8Array;
}

/** A window that was given. */
interface Window {
  readonly report: Float64Array;
  readonly messages: Int32Array;
}

const nothing = new Int32Array(0);

/** A thread hands its windows to another, which is in touch with wherever the other parts are, and waits for theirs. */
export class PortExchange implements WindowBarrier {
  readonly #index: number;
  readonly #parts: number;
  readonly #port: MessagePort;
  readonly #heard: Int32Array<SharedArrayBuffer>;
  readonly #outgoing: Outgoing;
  /** By part: what has come and was not taken yet, and the windows that are over everywhere. */
  readonly #coming: readonly Window[][];
  readonly #over: Window[];
  /** Windows that each part has given. */
  readonly #given: Float64Array;

  constructor({ port, heard }: WindowPort, index: number, parts: number, most: number = room) {
    this.#index = index;
    this.#parts = parts;
    this.#port = port;
    this.#heard = heard;
    this.#outgoing = new Outgoing(most);
    this.#coming = Array.from({ length: parts }, () => []);
    this.#over = Array.from({ length: parts }, () => ({ report: new Float64Array(0), messages: nothing }));
    this.#given = new Float64Array(parts);
  }

  give(report: Float64Array, messages: Int32Array): void {
    const own = report.slice();
    const now = this.#outgoing.take(own, messages);
    this.#coming[this.#index]!.push({ report: own, messages: nothing });
    const bytes = packWindow(++this.#given[this.#index]!, own, now);
    this.#port.postMessage(bytes, [bytes.buffer]);
  }

  wait(ms: number): boolean {
    const heard = Atomics.load(this.#heard, 0);
    if (this.#turn()) return true;
    if (this.isClosed) return false;
    Atomics.wait(this.#heard, 0, heard, ms);
    return this.#turn();
  }

  /** Takes what has come, and turns to the next window where all have given theirs. */
  #turn(): boolean {
    for (let got = receiveMessageOnPort(this.#port); got !== undefined; got = receiveMessageOnPort(this.#port)) {
      const { from, bytes } = got.message as WindowHeard;
      this.#coming[from]!.push(readWindow(bytes, ++this.#given[from]!, this.#parts));
    }
    if (this.#coming.some(({ length }) => length === 0)) return false;
    for (const [part, windows] of this.#coming.entries()) this.#over[part] = windows.shift()!;
    return true;
  }

  report(part: number): Float64Array {
    return this.#over[part]!.report;
  }

  messages(part: number): Int32Array {
    return this.#over[part]!.messages;
  }

  get isClosed(): boolean {
    return Atomics.load(this.#heard, 1) === 1;
  }

  close(): void {
    Atomics.store(this.#heard, 1, 1);
    Atomics.notify(this.#heard, 0);
    this.#port.close();
  }
}

/** A window as bytes: its number, from 1, the report and the messages, as doubles. */
function packWindow(number: number, report: Float64Array, messages: Int32Array): Uint8Array<ArrayBuffer> {
  const begin = 1 + report.length;
  const doubles = new Float64Array(begin + (messages.length >> 1));
  doubles[0] = number;
  doubles.set(report, 1);
  new Int32Array(doubles.buffer, 8 * begin).set(messages);
  return new Uint8Array(doubles.buffer);
}

/** Reads a window; throws for what no part of so many gives as this window. */
function readWindow(bytes: Uint8Array, number: number, parts: number): Window {
  const begin = 1 + its.arrivals + parts;
  const rest = bytes.byteLength - 8 * begin;
  if (rest < 0 || rest % (4 * messageInts) !== 0) throw wrong(`has ${bytes.byteLength} bytes`);
  const doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3);
  if (doubles[0] !== number) throw wrong(`is window ${doubles[0]}, and ${number} is next`);
  const report = doubles.subarray(1, begin);
  const state = report[its.state]!;
  if (!Number.isInteger(state) || state < partState.well || state > partState.failed || report.some(Number.isNaN))
    throw wrong("says of itself what no part says");
  const messages = new Int32Array(bytes.buffer, bytes.byteOffset + 8 * begin, rest >> 2);
  for (let i = 0; i < messages.length; i += messageInts) {
    const at = begin + (i >> 1);
    const to = messages[i + 6]!;
    if (!(doubles[at]! >= doubles[at + 1]!) || to < 0 || to >= parts) throw wrong("has a message to nowhere");
  }
  return { report, messages };
}

function wrong(what: string): PartsLost {
  return new PartsLost(`a window of another part cannot be: it ${what}`);
}
