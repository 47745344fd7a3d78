/**
 * What the main thread and the interrupter agree on, in shared memory: which run is going on, and whether it is being
 * terminated. A termination that arrived late would otherwise end the next cell.
 */
export class RunState {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(12)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  start(run: number): void {
    Atomics.store(this.#words, word.run, run);
    Atomics.store(this.#words, word.phase, phase.running);
  }

  /** Ends the run, unless it is being terminated at this moment: then false, and the interrupter will ask again. */
  finish(run: number): boolean {
    if (Atomics.compareExchange(this.#words, word.phase, phase.running, phase.idle) !== phase.running) return false;
    Atomics.store(this.#words, word.finished, run);
    return true;
  }

  isFinished(run: number): boolean {
    return Atomics.load(this.#words, word.finished) >= run;
  }

  isRunning(run: number): boolean {
    return Atomics.load(this.#words, word.run) === run && Atomics.load(this.#words, word.phase) === phase.running;
  }

  /** Claims the run for termination; false when it has ended meanwhile. */
  claim(run: number): boolean {
    if (Atomics.load(this.#words, word.run) !== run) return false;
    return Atomics.compareExchange(this.#words, word.phase, phase.running, phase.terminating) === phase.running;
  }

  /** Gives a claimed run back to the main thread, which may now end it. */
  release(): void {
    Atomics.compareExchange(this.#words, word.phase, phase.terminating, phase.running);
  }
}

const word = { run: 0, phase: 1, finished: 2 } as const;
const phase = { idle: 0, running: 1, terminating: 2 } as const;
