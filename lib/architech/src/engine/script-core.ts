import {
  admit,
  layZiggurat,
  nextTime,
  reserveNumbers,
  resize,
  roomForMessages,
  run,
  sample,
  setReplica,
  start,
} from "./core/index.js";
import { current, enter } from "./core/platform.js";
import type { Core } from "./core-of-machine.js";
import type { Image } from "./image.js";

/** Where a machine's memory may grow to: 4 GiB, in ints. */
const maxInts = 2 ** 30;

/** The machine as JavaScript: readable, debuggable, what WebAssembly is held against. */
export class ScriptCore implements Core {
  buffer: ArrayBuffer;

  readonly #frugal: boolean;

  /** `frugal`: its memory moves whenever it grows, for tests. */
  constructor(image: Image, frugal = false) {
    this.#frugal = frugal;
    this.buffer = frugal ? image.ints.buffer.slice(0, 4 * image.take(0)) : image.ints.buffer;
    this.#enter();
    layZiggurat();
  }

  load(ints: Int32Array): void {
    this.buffer = ints.slice(0, (ints.length + 1) & ~1).buffer;
  }

  start(pc: number, count: number): void {
    this.#enter();
    start(pc, count);
    this.buffer = current();
  }

  run(limit: number, budget: number): boolean {
    this.#enter();
    const reached = run(limit, budget);
    this.buffer = current();
    return reached;
  }

  sample(site: number): number {
    this.#enter();
    const drawn = sample(site);
    this.buffer = current();
    return drawn;
  }

  resize(record: number, threads: number, cores: number, time: number): void {
    this.#enter();
    resize(record, threads, cores, time);
    this.buffer = current();
  }

  setReplica(record: number, place: number, state: number, time: number): void {
    this.#enter();
    setReplica(record, place, state, time);
    this.buffer = current();
  }

  roomForMessages(count: number): number {
    this.#enter();
    const place = roomForMessages(count);
    this.buffer = current();
    return place;
  }

  admit(part: number, count: number): void {
    this.#enter();
    admit(part, count);
    this.buffer = current();
  }

  nextTime(): number {
    this.#enter();
    return nextTime();
  }

  reserveNumbers(count: number): number {
    this.#enter();
    return reserveNumbers(count);
  }

  #enter(): void {
    enter(this.buffer, maxInts, this.#frugal);
  }
}
