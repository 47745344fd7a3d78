/** Acts some time after it was asked to, once, however often it is asked meanwhile: nothing happens while nobody asks. */
export class Later {
  readonly #ms: number;
  readonly #act: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, act: () => void) {
    this.#ms = ms;
    this.#act = act;
  }

  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#act();
    }, this.#ms);
  }

  /** What was asked for is not done any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
