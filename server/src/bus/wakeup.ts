/** Lets any number wait for the next time that something has changed. Ask for `next` before looking. */
export class Wakeup {
  #resolve: () => void = () => {};
  #next: Promise<void> = this.#fresh();

  get next(): Promise<void> {
    return this.#next;
  }

  wake(): void {
    const resolve = this.#resolve;
    this.#next = this.#fresh();
    resolve();
  }

  #fresh(): Promise<void> {
    return new Promise((resolve) => (this.#resolve = resolve));
  }
}

/** Waits for the promise, for the signal, or for a time, without leaving a listener or a timer behind. */
export async function waitFor(promise: Promise<void>, signal?: AbortSignal, limitMs?: number): Promise<void> {
  if (signal?.aborted === true) return;
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  signal?.addEventListener("abort", stop);
  const timer = limitMs === undefined ? undefined : setTimeout(stop, limitMs);
  await Promise.race([promise, stopped]).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  });
}
