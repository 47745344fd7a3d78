/** What an `await` in a cell throws when the cell is interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("the cell was interrupted");
  }
}

/**
 * Makes a cell's `await` answer to an interrupt: the compiler writes `await wait(x)` for `await x`. The cell then ends
 * where it waits and its `finally` blocks run, instead of going on behind everyone's back.
 */
export class Interruption {
  readonly #waiting = new Set<(error: Interrupted) => void>();

  /** A promise for what `value` comes to, rejected by an interrupt before that. */
  readonly wait = <T>(value: T): Promise<Awaited<T>> =>
    new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settled =
        <V>(settle: (value: V) => void) =>
        (outcome: V): void => {
          this.#waiting.delete(reject);
          settle(outcome);
        };
      Promise.resolve(value).then(settled(resolve), settled(reject));
    });

  /** The iterable of a `for await`, each step of which answers to an interrupt. */
  readonly each = <T>(iterable: AsyncIterable<T> | Iterable<T>): AsyncIterable<Awaited<T>> => ({
    [Symbol.asyncIterator]: () => this.#iterate(iterable),
  });

  /** Rejects what the cell waits for now. What it waits for after that, in a `finally` say, is left alone. */
  fire(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of waiting) reject(new Interrupted());
  }

  #iterate<T>(iterable: AsyncIterable<T> | Iterable<T>): AsyncIterator<Awaited<T>> {
    const iterator = Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
    const next = async (): Promise<IteratorResult<Awaited<T>>> => {
      const step = await this.wait(iterator.next());
      return step.done ? (step as IteratorReturnResult<unknown>) : { done: false, value: await this.wait(step.value) };
    };
    const end = async (): Promise<IteratorResult<Awaited<T>>> => {
      await iterator.return?.();
      return { done: true, value: undefined };
    };
    return { next, return: end };
  }
}
