import type { QueueOptions } from "./bus.js";
import { checkNumber } from "./names.js";

/** The times of a queue, with their defaults. */
export function queueDefaults({ ackWaitMs = 30_000, dedupeMs = 120_000 }: QueueOptions): {
  ackWaitMs: number;
  dedupeMs: number;
} {
  checkNumber("ackWaitMs", ackWaitMs, 1);
  checkNumber("dedupeMs", dedupeMs, 100);
  return { ackWaitMs, dedupeMs };
}
