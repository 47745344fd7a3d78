import { type Duration, parseDuration } from "../units/duration.js";
import type {
  BalanceBy,
  BalanceDocument,
  BalancingDocument,
  EjectionDocument,
  HealthDocument,
} from "./balance-document.js";

/** Whom failures exclude for a time: `{ failures: 5, for: "30s", most: 0.5 }`. */
export type Ejection = Omit<EjectionDocument, "for"> & {
  /** For how long the first time; twice as long the second, up to ten times. Default "30s". */
  readonly for?: Duration;
};

/** How one of several is chosen, with what a load balancer can be told: `{ by: "least-connections", stale: "1s" }`. */
export interface Balancing extends Omit<BalancingDocument, "stale" | "decay" | "sticky" | "slowStart" | "ejection"> {
  /** Of "least-connections" and "idle": how old what is known of others' load may be. Default "0ms". */
  readonly stale?: Duration;
  /** Of "ewma": after how long a latency weighs 1/e of what it did. Default "10s". */
  readonly decay?: Duration;
  /** Keys stay with whom they were sent to first, until so long after. Default: they do not. */
  readonly sticky?: Duration;
  /** Who has just come, or come back, gets more and more for so long: from a tenth of its weight to all of it. Default "0ms". */
  readonly slowStart?: Duration;
  /** Passes over who has failed. Default: nobody. */
  readonly ejection?: Ejection;
}

/** Who is chosen of several: "round-robin", "least-connections", `{ choices: 2 }`, `{ by: "ewma", decay: "5s" }`. */
export type Balance = BalanceBy | Balancing;

/** How often a gateway looks and how long it waits for an answer, in milliseconds. */
export function healthTimes({ every = "10s", timeout }: HealthDocument): { every: number; timeout: number } {
  const period = parseDuration(every);
  return { every: period, timeout: timeout === undefined ? Math.min(5000, period) : parseDuration(timeout) };
}

/** Whether a way to balance goes by the keys of requests. */
export function goesByKey(balance: BalanceDocument | undefined): boolean {
  return balance === "ring" || (typeof balance === "object" && (balance.by === "ring" || balance.sticky !== undefined));
}
