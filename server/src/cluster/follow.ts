import { pause } from "@architech/protocol";
import type { State, StateChange } from "../bus/bus.js";
import type { Log } from "../log.js";

/** How long to wait before a watch that broke off is begun again. */
const againMs = 500;

/**
 * Hears of what is below a prefix and of every change of it until the signal, however often the bus breaks off. What is
 * gone is noticed also by a process that stood still for so long that the word of it is gone too: every `checkMs`, 15,000
 * by default, it is looked what is there; 0 leaves that out, where nothing goes that matters.
 */
export async function follow(
  state: State,
  prefix: string,
  {
    what,
    log,
    signal,
    checkMs = 15_000,
  }: { readonly what: string; readonly log: Log; readonly signal: AbortSignal; readonly checkMs?: number },
  hear: (change: StateChange) => void,
): Promise<void> {
  const known = new Map<string, number>();
  const tell = (change: StateChange): void => {
    if (change.value === undefined) known.delete(change.key);
    else known.set(change.key, change.revision);
    try {
      hear(change);
    } catch (error) {
      log.warn(`${what}: ${change.key}: ${(error as Error).message}`);
    }
  };
  const check = async (): Promise<void> => {
    const before = [...known];
    if (before.length === 0) return;
    const keys = new Set(await state.keys(prefix));
    for (const [key, revision] of before)
      if (!keys.has(key) && known.get(key) === revision) tell({ key, value: undefined, revision });
  };
  // Without the bus nothing is known to be gone.
  const timer = checkMs > 0 ? setInterval(() => void check().catch(() => {}), checkMs).unref() : undefined;
  signal.addEventListener("abort", () => clearInterval(timer));
  while (!signal.aborted) {
    try {
      for await (const change of state.watch(prefix, signal)) tell(change);
    } catch (error) {
      if (!signal.aborted) log.warn(`${what} cannot be followed: ${(error as Error).message}`);
    }
    await pause(againMs, signal);
  }
}
