/**
 * Who is next: the one that has waited longest ("fifo", the default), the newest ("lifo"), the newest while more than
 * `switchAt` wait ("adaptive-lifo"), the one that will take least time ("sjf"), the one whose timeout ends first ("edf"),
 * the one of the class with the highest priority ("priority"), classes by turns in proportion to their weights ("fair").
 */
export type LineOrder = "fifo" | "lifo" | "adaptive-lifo" | "sjf" | "edf" | "priority" | "fair";

/** How requests wait. */
export interface LineDocument {
  /** Requests that wait at most, in front of each replica; one more fails at once. Default: no limit. */
  readonly capacity?: number;
  readonly order?: LineOrder;
  /** Of "adaptive-lifo": while more than this wait, the newest is next. */
  readonly switchAt?: number;
  /** Fails requests that have waited for longer than `target` for an `interval`, ever more often (RFC 8289). */
  readonly codel?: { readonly target: string; readonly interval: string };
  /** How long a request waits at most; then it fails. Default: no limit. */
  readonly maxWait?: string;
}
