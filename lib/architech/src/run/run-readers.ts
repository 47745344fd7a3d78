import type { RunLog } from "./run-log.js";

interface Reading {
  readonly log: Promise<RunLog>;
  readers: number;
}

/** Who reads which run: files are open while they are read, and a run that is read is not deleted to make room. */
export class RunReaders {
  readonly #open: (id: string) => Promise<RunLog>;
  readonly #readings = new Map<string, Reading>();
  /** Readers of logs that their writer still held when they came. */
  readonly #live = new Map<string, { readers: number; close?: () => void }>();

  constructor(open: (id: string) => Promise<RunLog>) {
    this.#open = open;
  }

  isRead(id: string): boolean {
    return this.#readings.has(id) || this.#live.has(id);
  }

  /** Reads a run that is over, some frames at a time. */
  async *read(
    id: string,
    offset: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    const reading = this.#enter(id);
    try {
      yield* (await reading.log).pieces(offset, signal);
    } finally {
      this.#leave(id, reading);
    }
  }

  /** Something asked of a run that is over. */
  async use<T>(id: string, ask: (log: RunLog) => Promise<T>): Promise<T> {
    const reading = this.#enter(id);
    try {
      return await ask(await reading.log);
    } finally {
      this.#leave(id, reading);
    }
  }

  /** Counts a reader of a log that its writer still holds. */
  async *reading<T>(id: string, frames: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const live = this.#live.get(id) ?? { readers: 0 };
    this.#live.set(id, live);
    live.readers++;
    try {
      yield* frames;
    } finally {
      if (--live.readers === 0) {
        if (this.#live.get(id) === live) this.#live.delete(id);
        live.close?.();
      }
    }
  }

  /** The writer has finished: its file is closed when the last of its readers has left. */
  closeWhenUnread(id: string, log: RunLog): void {
    const live = this.#live.get(id);
    const close = (): void => void log.close().catch(() => {});
    if (live === undefined) close();
    else live.close = close;
  }

  /** A deleted run: what reads it goes on reading the file that has lost its name. */
  async forget(id: string): Promise<void> {
    this.#readings.delete(id);
    this.#live.delete(id);
  }

  async close(): Promise<void> {
    for (const { log } of this.#readings.values()) await (await log).close().catch(() => {});
    this.#readings.clear();
  }

  #enter(id: string): Reading {
    let reading = this.#readings.get(id);
    if (reading === undefined) this.#readings.set(id, (reading = { log: this.#open(id), readers: 0 }));
    reading.readers++;
    return reading;
  }

  #leave(id: string, reading: Reading): void {
    if (--reading.readers > 0) return;
    if (this.#readings.get(id) === reading) this.#readings.delete(id);
    void reading.log.then((log) => log.close()).catch(() => {});
  }
}
