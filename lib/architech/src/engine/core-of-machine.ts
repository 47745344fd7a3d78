import type { CoreModule } from "./wasm-core.js";

/** A machine's memory and what works on it. */
export interface Core {
  /** The memory now; another one after it has grown. */
  readonly buffer: ArrayBuffer;
  /** Goes on with the memory as it was before, in this or another core. */
  load(ints: Int32Array): void;
  /** Goes on with another module that does the same with the memory as it is. Only where it is WebAssembly. */
  become?(module: CoreModule): void;
  /** Puts so many frames at a place in the code. */
  start(pc: number, count: number): void;
  /** Runs until the next event lies after `limit` (true) or `budget` events have been taken. */
  run(limit: number, budget: number): boolean;
  /** The next draw of a site. */
  sample(site: number): number;
  /** Every replica of a scaled node has so many threads and cores from a time on. */
  resize(record: number, threads: number, cores: number, time: number): void;
  /** What stands in a place of a scaled node changes at a time. */
  setReplica(record: number, place: number, state: number, time: number): void;
  /** See `core/cut.ts`. */
  roomForMessages(count: number): number;
  admit(part: number, count: number): void;
  nextTime(): number;
  reserveNumbers(count: number): number;
}
