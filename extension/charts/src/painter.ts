/** At least so long between two drawings, and never more than a third of the time spent on drawing. */
const leastGapMs = 40;
const restFactor = 2;

/** Time as a page has it. What waits is called off by what is returned. */
export interface Clock {
  now(): number;
  /** Calls when the screen is drawn next. */
  frame(act: () => void): () => void;
  after(ms: number, act: () => void): () => void;
}

const pageClock: Clock = {
  now: () => performance.now(),
  frame(act) {
    const frame = requestAnimationFrame(act);
    return () => cancelAnimationFrame(frame);
  },
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** Draws when there is something new, in step with the screen and never more than the page can bear. */
export class Painter {
  readonly #draw: () => void;
  readonly #clock: Clock;
  /** Calls off what is waited for. */
  #callOff: (() => void) | undefined;
  #last = -Infinity;
  #rest = leastGapMs;

  constructor(draw: () => void, clock: Clock = pageClock) {
    this.#draw = draw;
    this.#clock = clock;
  }

  /** Asks for a drawing. Any number of calls before it give one. */
  request(): void {
    if (this.#callOff !== undefined) return;
    const wait = this.#last + this.#rest - this.#clock.now();
    if (wait <= 0) this.#schedule();
    else this.#callOff = this.#clock.after(wait, () => this.#schedule());
  }

  /** Draws at once; for the last drawing, which must not wait for a screen that may be dark. */
  now(): void {
    this.cancel();
    this.#paint();
  }

  cancel(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #schedule(): void {
    this.#callOff = this.#clock.frame(() => {
      this.#callOff = undefined;
      this.#paint();
    });
  }

  #paint(): void {
    const start = this.#clock.now();
    this.#draw();
    this.#last = this.#clock.now();
    this.#rest = Math.max(leastGapMs, restFactor * (this.#last - start));
  }
}
