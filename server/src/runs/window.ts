/** Bytes sent and not yet acknowledged, kept below a limit: what one reader may hold of the server's memory. */
export class Window {
  readonly #limit: number;
  readonly #sent: { readonly seq: number; readonly bytes: number }[] = [];
  #inFlight = 0;
  #wake: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether so many bytes may be sent now. One frame always may when nothing is in flight, whatever its size. */
  hasRoom(bytes: number): boolean {
    return this.#inFlight === 0 || this.#inFlight + bytes <= this.#limit;
  }

  /** Resolves at the next acknowledgement, or when `interrupt` is called. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  interrupt(): void {
    this.#wake?.();
  }

  sent(seq: number, bytes: number): void {
    this.#sent.push({ seq, bytes });
    this.#inFlight += bytes;
  }

  /** Everything up to this frame has been taken. */
  acknowledge(seq: number): void {
    let taken = 0;
    for (; taken < this.#sent.length && (this.#sent[taken]?.seq ?? 0) <= seq; taken++)
      this.#inFlight -= this.#sent[taken]?.bytes ?? 0;
    this.#sent.splice(0, taken);
    if (taken > 0) this.#wake?.();
  }
}
