/** Acts one at a time: whoever asks while it acts has it act once more afterwards, however many ask. */
export class OnceMore {
  readonly #act: () => Promise<void>;
  #wanted = false;
  #acting: Promise<void> | undefined;

  constructor(act: () => Promise<void>) {
    this.#act = act;
  }

  /** Resolves when all that was asked for is done; rejects with what an act threw. */
  ask(): Promise<void> {
    this.#wanted = true;
    this.#acting ??= this.#run();
    return this.#acting;
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    await this.#acting;
  }

  async #run(): Promise<void> {
    // An act that asks at once finds that it is acting.
    await Promise.resolve();
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.#act();
      }
    } finally {
      this.#acting = undefined;
    }
  }
}
