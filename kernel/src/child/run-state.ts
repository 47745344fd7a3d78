/**
 * What the main thread and the interrupter agree on, in shared memory: what the main thread is doing, and which interrupt
 * it has heard of. A termination that arrived late would otherwise end the next cell, or a report half-way.
 */
export class RunState {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  #claimedIn: number = phase.idle;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(12)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  /** Starts a run, unless the main thread is being terminated at this moment: then false. */
  start(): boolean {
    return this.#move(phase.idle, phase.running);
  }

  /** From here on the run cannot be terminated any more; false when it is being terminated at this moment. */
  settle(): boolean {
    return this.#move(phase.running, phase.settling);
  }

  /** The run has been reported. */
  finish(run: number): void {
    Atomics.store(this.#words, word.finished, run);
    this.#move(phase.settling, phase.idle);
  }

  isFinished(run: number): boolean {
    return Atomics.load(this.#words, word.finished) >= run;
  }

  /** The main thread has heard of an interrupt, so nothing blocks it. */
  hear(run: number): void {
    Atomics.store(this.#words, word.heard, run);
  }

  /** Asks anew whether the main thread hears. */
  forgetHeard(): void {
    Atomics.store(this.#words, word.heard, 0);
  }

  hasHeard(run: number): boolean {
    return Atomics.load(this.#words, word.heard) === run;
  }

  /** Claims the cell that runs for termination; false when none does. */
  claimRun(): boolean {
    return this.#claim(phase.running);
  }

  /** Claims what an ended cell left behind; false when a cell runs, or is just being reported. */
  claimRest(): boolean {
    return this.#claim(phase.idle);
  }

  /** Gives the main thread back. */
  release(): void {
    this.#move(phase.terminating, this.#claimedIn);
  }

  #claim(from: number): boolean {
    this.#claimedIn = from;
    return this.#move(from, phase.terminating);
  }

  #move(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, word.phase, from, to) === from;
  }
}

const word = { phase: 0, finished: 1, heard: 2 } as const;
const phase = { idle: 0, running: 1, settling: 2, terminating: 3 } as const;
