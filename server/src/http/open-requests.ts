import { ArchitechError } from "@architech/protocol";
import type { RequestHandler } from "express";

/** How many requests one process answers at once; it does some hundreds a second, so the last of them waits for seconds. */
export const openLimit = 1_000;

/**
 * Requests that are being answered. Past a number of them a further one is refused at once: whoever asks more than can
 * be done is told so in time to ask elsewhere or later, and what was let in is answered in a bounded time.
 */
export class OpenRequests {
  readonly #most: number;
  #open = 0;

  /** 0 takes any number. */
  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#open;
  }

  /** Counts a request until its answer is over. Throws `overloaded`. */
  readonly admit: RequestHandler = (_request, response, next) => {
    this.check();
    this.#open += 1;
    response.once("close", () => {
      this.#open -= 1;
    });
    next();
  };

  /** Throws `overloaded` when no further one is taken. */
  check(): void {
    if (this.#most > 0 && this.#open >= this.#most)
      throw new ArchitechError("overloaded", `${this.#open} requests are being answered already: ask again in 1 s`);
  }
}
