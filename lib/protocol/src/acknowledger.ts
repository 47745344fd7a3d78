/** Bytes taken before they are acknowledged at once. */
const atOnceBytes = 128 << 10;

/** How long anything less may wait. */
const atLatestMs = 10;

/** Acknowledges what a reader has taken: in lumps while much comes, a moment later when little does. */
export class Acknowledger {
  readonly #send: (seq: number) => void;
  #bytes = 0;
  #seq = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (seq: number) => void) {
    this.#send = send;
  }

  /** A frame has been taken. */
  taken(seq: number, bytes: number): void {
    this.#seq = seq;
    this.#bytes += bytes;
    if (this.#bytes >= atOnceBytes) this.#acknowledge();
    else this.#timer ??= setTimeout(() => this.#acknowledge(), atLatestMs);
  }

  /** Nothing more will be taken. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #acknowledge(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#bytes = 0;
    this.#send(this.#seq);
  }
}
