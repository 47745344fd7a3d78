import { pause } from "@architech/protocol";
import type { State, StateChange } from "../bus/bus.js";
import type { Log } from "../log.js";

/** How long to wait before a watch that broke off is begun again. */
const againMs = 500;

/** Hears of what is below a prefix and of every change of it until the signal, however often the bus breaks off. */
export async function follow(
  state: State,
  prefix: string,
  { what, log, signal }: { readonly what: string; readonly log: Log; readonly signal: AbortSignal },
  hear: (change: StateChange) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of state.watch(prefix, signal)) {
        try {
          hear(change);
        } catch (error) {
          log.warn(`${what}: ${change.key}: ${(error as Error).message}`);
        }
      }
    } catch (error) {
      if (!signal.aborted) log.warn(`${what} cannot be followed: ${(error as Error).message}`);
    }
    await pause(againMs, signal);
  }
}
