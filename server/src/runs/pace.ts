/** Lets so many bytes be sent in one turn of the event loop, whoever sends them; who comes too late has the next. */
export class Pace {
  readonly #limit: number;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  #left: number;
  #isRenewing = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.#left = limit;
  }

  /** Resolves when so many bytes may be sent, in the order of the calls; undefined when that is now. */
  turn(bytes: number): Promise<void> | undefined {
    this.#renewLater();
    if (this.#left > 0 && this.#waiting.length === 0) {
      this.#left -= bytes;
      return undefined;
    }
    return new Promise((go) => this.#waiting.push({ bytes, go }));
  }

  #renewLater(): void {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    setImmediate(() => this.#renew());
  }

  #renew(): void {
    this.#isRenewing = false;
    this.#left = this.#limit;
    let taken = 0;
    for (; taken < this.#waiting.length && this.#left > 0; taken++) {
      const { bytes, go } = this.#waiting[taken]!;
      this.#left -= bytes;
      go();
    }
    this.#waiting.splice(0, taken);
    if (taken > 0) this.#renewLater();
  }
}
