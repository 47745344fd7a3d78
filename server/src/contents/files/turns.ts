/** Lets acts on the same key happen one after another, and those on different keys at the same time. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Acts when all earlier ones on this key have ended, however they ended. */
  async take<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(act, act);
    const settled = mine.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}
