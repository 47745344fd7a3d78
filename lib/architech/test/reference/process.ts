// A simulator in process style, as SimPy is: what the references are written in. It knows nothing of the engine.

/** What a process does: it waits for so long, or for something to happen, and goes on. */
export type Process<T = void> = Generator<number | Happening, T, void>;

/** A step that did not end well. */
export class Failed extends Error {}

/** What takes no time. */
export function* atOnce(act: () => void): Process {
  act();
  yield* [];
}

/** Something that happens once, well or not; who waits for it goes on then, in the order in which they came. */
export class Happening {
  outcome: "well" | "failed" | undefined;
  readonly #waiting: (() => void)[] = [];

  happen(outcome: "well" | "failed" = "well"): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    for (const go of this.#waiting) go();
  }

  afterwards(go: () => void): void {
    if (this.outcome === undefined) this.#waiting.push(go);
    else go();
  }
}

/** Time, and what is due: a list in the order of (time, sequence). */
export class World {
  now = 0;
  readonly #due: { readonly at: number; readonly go: () => void }[] = [];

  after(ms: number, go: () => void): void {
    const at = this.now + ms;
    let place = this.#due.length;
    while (place > 0 && this.#due[place - 1]!.at > at) place--;
    this.#due.splice(place, 0, { at, go });
  }

  /** Starts a process at once. What it returns happens when the process ends. */
  start(process: Process<unknown>): Happening {
    const end = new Happening();
    const go = (failed: boolean): void => {
      try {
        const { done, value } = failed ? process.throw(new Failed()) : process.next();
        if (done === true) end.happen();
        else if (typeof value === "number") this.after(value, () => go(false));
        else (value as Happening).afterwards(() => go((value as Happening).outcome === "failed"));
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        end.happen("failed");
      }
    };
    go(false);
    return end;
  }

  run(untilMs = Number.POSITIVE_INFINITY): void {
    for (let next = this.#due.shift(); next !== undefined && next.at <= untilMs; next = this.#due.shift()) {
      this.now = next.at;
      next.go();
    }
  }
}
