import { ArchitechError } from "@architech/protocol";

/** Bytes sent and not yet acknowledged, kept below a limit: what one reader may hold of the server's memory. */
export class Window {
  readonly #limit: number;
  readonly #sent: { readonly seq: number; readonly bytes: number }[] = [];
  #inFlight = 0;
  #last = -1;
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
    this.#last = Math.max(this.#last, seq);
  }

  /** Everything up to this frame has been taken. Throws `bad-message` for one that was not sent. */
  acknowledge(seq: number): void {
    if (seq > this.#last)
      throw new ArchitechError(
        "bad-message",
        this.#last < 0
          ? `frame ${seq} cannot be acknowledged: none has been sent`
          : `frame ${seq} cannot be acknowledged: the last that was sent is ${this.#last}`,
        { path: ["seq"] },
      );
    let taken = 0;
    for (; taken < this.#sent.length && (this.#sent[taken]?.seq ?? 0) <= seq; taken++)
      this.#inFlight -= this.#sent[taken]?.bytes ?? 0;
    this.#sent.splice(0, taken);
    if (taken > 0) this.#wake?.();
  }
}
