import type { Clock } from "#src/painter.js";

/** Time that passes when the test says so. */
export class StandInClock implements Clock {
  #now = 0;
  #frames: (() => void)[] = [];
  #timers: { at: number; act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  frame(act: () => void): () => void {
    this.#frames.push(act);
    return () => {
      this.#frames = this.#frames.filter((other) => other !== act);
    };
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#now + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass without anything else. */
  pass(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, does what was waiting for it, and draws the screen. */
  tick(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { act } of due) act();
    for (const act of this.#frames.splice(0)) act();
  }
}
