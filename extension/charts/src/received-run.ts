import { ArchitechError } from "@architech/protocol";
import type { RunOutcome, RunStream } from "./run-stream.js";

/** Bytes of one run that are kept for charts that come later. */
const mostBytes = 64 << 20;

/** A run whose frames are pushed to the page. Each reader starts at the first frame. */
export class ReceivedRun implements RunStream {
  readonly #frames: Uint8Array[] = [];
  #bytes = 0;
  #outcome: RunOutcome | undefined;
  #lost: ArchitechError | undefined;
  #wake: (() => void)[] = [];

  add(frame: Uint8Array): void {
    if (this.#lost !== undefined) return;
    this.#bytes += frame.byteLength;
    if (this.#bytes > mostBytes)
      this.#lost = new ArchitechError(
        "message-too-large",
        `the kernel sent more than ${mostBytes >> 20} MiB of this run, which is more than a page keeps`,
      );
    else this.#frames.push(frame);
    this.#awake();
  }

  end(outcome: RunOutcome): void {
    this.#outcome = outcome;
    this.#awake();
  }

  /** The kernel has closed the comm or gone. */
  lose(): void {
    if (this.#outcome === undefined)
      this.#lost ??= new ArchitechError("server-unreachable", "the kernel has gone before its run was over");
    this.#awake();
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Uint8Array, RunOutcome, undefined> {
    for (let next = 0; ; ) {
      const frame = this.#frames[next];
      if (frame !== undefined) {
        next++;
        yield frame;
      } else if (this.#lost !== undefined) throw this.#lost;
      else if (this.#outcome !== undefined) return this.#outcome;
      else if (signal.aborted) return { state: "cancelled" };
      else await this.#news(signal);
    }
  }

  #awake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#wake.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
