/** At least so long between two drawings, and never more than a third of the time spent on drawing. */
const leastGapMs = 40;
const restFactor = 2;

/** Draws when there is something new, in step with the screen and never more than the page can bear. */
export class Painter {
  readonly #draw: () => void;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;
  #rest = leastGapMs;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Asks for a drawing. Any number of calls before it give one. */
  request(): void {
    if (this.#frame !== 0 || this.#timer !== undefined) return;
    const wait = this.#last + this.#rest - performance.now();
    if (wait <= 0) this.#schedule();
    else
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#schedule();
      }, wait);
  }

  /** Draws at once; for the last drawing, which must not wait for a screen that may be dark. */
  now(): void {
    this.cancel();
    this.#paint();
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const start = performance.now();
    this.#draw();
    this.#last = performance.now();
    this.#rest = Math.max(leastGapMs, restFactor * (this.#last - start));
  }
}
