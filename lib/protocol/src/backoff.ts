/** How long to wait before trying again: grows twofold from `firstMs` up to `capMs`, half of it drawn at random. */
export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
  /** Tries without success before giving up. */
  readonly attempts: number;
}

/** About twenty seconds in all. */
export const defaultBackoff: Backoff = { firstMs: 100, capMs: 4_000, attempts: 10 };

/** The pause before attempt `attempt` (from 0). `draw` is uniform in [0, 1). */
export function pauseMs(backoff: Backoff, attempt: number, draw: number): number {
  const full = Math.min(backoff.capMs, backoff.firstMs * 2 ** attempt);
  return full / 2 + (full / 2) * draw;
}

/** Resolves after the time, or as soon as the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const stop = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    signal?.addEventListener("abort", stop);
  });
}
