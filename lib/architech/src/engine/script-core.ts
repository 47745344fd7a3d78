import { layZiggurat, resize, run, sample, setReplica, start } from "./core/index.js";
import { current, enter } from "./core/platform.js";
import type { Core } from "./core-of-machine.js";
import type { Image } from "./image.js";

/** Where a machine's memory may grow to: 4 GiB, in ints. */
const maxInts = 2 ** 30;

/** The machine as JavaScript: readable, debuggable, what WebAssembly is held against. */
export class ScriptCore implements Core {
  buffer: ArrayBuffer;

  constructor(image: Image) {
    this.buffer = image.ints.buffer;
    enter(this.buffer, maxInts);
    layZiggurat();
  }

  start(pc: number, count: number): void {
    enter(this.buffer, maxInts);
    start(pc, count);
    this.buffer = current();
  }

  run(limit: number, budget: number): boolean {
    enter(this.buffer, maxInts);
    const reached = run(limit, budget);
    this.buffer = current();
    return reached;
  }

  sample(site: number): number {
    enter(this.buffer, maxInts);
    const drawn = sample(site);
    this.buffer = current();
    return drawn;
  }

  resize(record: number, threads: number, cores: number, time: number): void {
    enter(this.buffer, maxInts);
    resize(record, threads, cores, time);
    this.buffer = current();
  }

  setReplica(record: number, place: number, state: number, time: number): void {
    enter(this.buffer, maxInts);
    setReplica(record, place, state, time);
    this.buffer = current();
  }
}
