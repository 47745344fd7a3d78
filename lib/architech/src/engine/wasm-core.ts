import { extended, lean } from "./core-code.js";
import type { Core } from "./core-of-machine.js";
import type { Image } from "./image.js";

const pageInts = 16_384;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is needed of the platform's WebAssembly, which neither Node's nor the language's types know. */
interface Platform {
  readonly Memory: new (size: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => CoreModule;
  readonly Instance: new (module: CoreModule, imports: object) => { readonly exports: unknown };
}

/** The core, compiled and not yet at work. */
export interface CoreModule {
  readonly [Symbol.toStringTag]?: string;
}

interface Exports {
  layZiggurat(): void;
  start(pc: number, count: number): void;
  run(limit: number, budget: number): number;
  sample(site: number): number;
  setReplica(record: number, place: number, state: number, time: number): void;
  resize(record: number, threads: number, cores: number, time: number): void;
  roomForMessages(count: number): number;
  admit(part: number, count: number): void;
  nextTime(): number;
  reserveNumbers(count: number): number;
}

const platform = (globalThis as unknown as { readonly WebAssembly?: Platform }).WebAssembly;

/** The machine as WebAssembly, from the same source as the JavaScript one and with the same results, bit for bit. */
export class WasmCore implements Core {
  readonly #memory: Memory;
  #exports: Exports;

  /** `module` must come from `coreModule`. */
  constructor(module: CoreModule, image: Image) {
    this.#memory = new platform!.Memory({ initial: Math.ceil(image.ints.length / pageInts), maximum: 65_536 });
    new Int32Array(this.#memory.buffer).set(image.ints);
    this.#exports = this.#work(module);
    this.#exports.layZiggurat();
  }

  load(ints: Int32Array): void {
    const pages = Math.ceil((4 * ints.length - this.buffer.byteLength) / (4 * pageInts));
    if (pages > 0) this.#memory.grow(pages);
    new Int32Array(this.buffer).set(ints);
  }

  become(module: CoreModule): void {
    this.#exports = this.#work(module);
  }

  #work(module: CoreModule): Exports {
    return new platform!.Instance(module, { env: { memory: this.#memory } }).exports as Exports;
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  start(pc: number, count: number): void {
    this.#exports.start(pc, count);
  }

  run(limit: number, budget: number): boolean {
    return this.#exports.run(limit, budget) !== 0;
  }

  sample(site: number): number {
    return this.#exports.sample(site);
  }

  resize(record: number, threads: number, cores: number, time: number): void {
    this.#exports.resize(record, threads, cores, time);
  }

  setReplica(record: number, place: number, state: number, time: number): void {
    this.#exports.setReplica(record, place, state, time);
  }

  roomForMessages(count: number): number {
    return this.#exports.roomForMessages(count);
  }

  admit(part: number, count: number): void {
    this.#exports.admit(part, count);
  }

  nextTime(): number {
    return this.#exports.nextTime();
  }

  reserveNumbers(count: number): number {
    return this.#exports.reserveNumbers(count);
  }
}

/** Whether a program needs the instructions from 40 on. */
export type CoreKind = "lean" | "extended";

const codes: Readonly<Record<CoreKind, string>> = { lean, extended };
const bytes: { [Kind in CoreKind]?: Uint8Array } = {};
const compiled: { [Kind in CoreKind]?: CoreModule | null } = {};

/** The module's binary. */
export function coreBytes(kind: CoreKind): Uint8Array {
  bytes[kind] ??= bytesOf(codes[kind]);
  return bytes[kind];
}

/** The compiled module, made when it is first asked for; undefined where WebAssembly may not be compiled. */
export function coreModule(kind: CoreKind): CoreModule | undefined {
  compiled[kind] ??= compiledModule(coreBytes(kind)) ?? null;
  return compiled[kind] ?? undefined;
}

/** A binary, compiled; undefined where that may not be. */
export function compiledModule(binary: Uint8Array): CoreModule | undefined {
  if (platform === undefined) return undefined;
  try {
    return new platform.Module(binary);
  } catch {
    // A page's content security policy may forbid it.
    return undefined;
  }
}

/** The bytes that a text in base 64 stands for. */
function bytesOf(code: string): Uint8Array {
  // Node has a way of its own; a loop that runs once takes a tenth of what a first answer does.
  const { Buffer } = globalThis as { readonly Buffer?: { from(text: string, encoding: "base64"): Uint8Array } };
  return Buffer?.from(code, "base64") ?? Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
}
